package io.naru.cli.command;

import io.naru.lab.Lab;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru lab down}. */
@Command(name = "down", description = "Remove a lab, also one that a crash left half made.")
final class LabDown implements Runnable {
  @Spec CommandSpec spec;
  @Mixin LabSource source;

  @Option(names = "--all", description = "remove every lab")
  boolean all;

  @Override
  public void run() {
    RootRights.require("Labs are made of network namespaces");
    List<Lab> labs = all ? Lab.list() : Lab.list().isEmpty() ? List.of() : List.of(source.lab());
    if (labs.isEmpty()) {
      spec.commandLine().getOut().println("No lab stands.");
    }
    for (Lab lab : labs) {
      lab.down(new ProgressLines(spec.commandLine().getErr()));
      spec.commandLine().getOut().println("The lab '" + lab.name() + "' is gone.");
    }
  }
}
