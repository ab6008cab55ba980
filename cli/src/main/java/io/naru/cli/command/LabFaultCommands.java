package io.naru.cli.command;

import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.lab.fault.Fault;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru lab break|heal|faults}. */
final class LabFaultCommands {
  private LabFaultCommands() {}

  @Command(name = "break", description = "Inject a fault; naru lab faults lists them.")
  static final class Break implements Runnable {
    @Spec CommandSpec spec;
    @Mixin LabSource source;

    @Parameters(paramLabel = "FAULT")
    String fault = "";

    @Option(names = "--from", paramLabel = "NODE", description = "default: every node")
    @Nullable String from;

    @Option(names = "--to", paramLabel = "NODE", description = "default: every other node")
    @Nullable String to;

    @Override
    public void run() {
      RootRights.require("A fault changes the lab's fabric");
      Fault chosen = io.naru.lab.fault.Faults.byId(fault);
      source.lab().breakPath(chosen, Optional.ofNullable(from), Optional.ofNullable(to));
      spec.commandLine()
          .getOut()
          .println(
              chosen.id()
                  + " stands from "
                  + (from == null ? "every node" : from)
                  + " to "
                  + (to == null ? "every other node" : to));
    }
  }

  @Command(name = "heal", description = "Heal a fault, or all.")
  static final class Heal implements Runnable {
    @Spec CommandSpec spec;
    @Mixin LabSource source;

    @Parameters(paramLabel = "FAULT", arity = "0..1")
    @Nullable String fault;

    @Override
    public void run() {
      RootRights.require("A fault changes the lab's fabric");
      source.lab().heal(Optional.ofNullable(fault).map(io.naru.lab.fault.Faults::byId));
      spec.commandLine()
          .getOut()
          .println(fault == null ? "All faults are healed." : fault + " is healed.");
    }
  }

  @Command(
      name = "faults",
      description = {
        "List the faults that can be injected, and those that no lab can make.",
        "-o json adds what an observer must find of each, stated by hand: docs/json.md."
      })
  static final class Faults implements Runnable {
    @Spec CommandSpec spec;
    @Mixin OutputOption output;

    @Override
    public void run() {
      List<FaultRow> rows = io.naru.lab.fault.Faults.all().stream().map(FaultRow::of).toList();
      Listing.print(
          spec.commandLine().getOut(),
          output.format,
          rows,
          wide -> {
            Table table =
                wide
                    ? new Table("FAULT", "PLACE", "WHAT", "HOW")
                    : new Table("FAULT", "PLACE", "WHAT");
            rows.forEach(
                row -> {
                  String what =
                      row.possible() ? row.title() : row.title() + " (no lab can make it)";
                  if (wide) {
                    table.row(row.id(), row.place(), what, row.description());
                  } else {
                    table.row(row.id(), row.place(), what);
                  }
                });
            return table;
          });
    }
  }
}
