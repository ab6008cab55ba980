package io.naru.cli.command;

import io.naru.api.StatusReport;
import io.naru.cli.output.Format;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code naru status}. */
@Command(
    name = "status",
    description = "How the agent of this host is, or all agents of a lab.",
    footer = "With a lab, -o json gives a list with one report a node.")
final class StatusCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;
  @Mixin OutputOption output;

  @Override
  public void run() {
    List<StatusReport> reports =
        ListCommands.gathered(source.agents(), agent -> List.of(agent.status()));
    PrintWriter out = spec.commandLine().getOut();
    boolean detailed = reports.size() == 1 && output.format != Format.WIDE;
    if (detailed && output.format == Format.TABLE) {
      print(out, reports.getFirst());
      out.flush();
    } else {
      Listing.print(
          out,
          output.format,
          source.isLab() ? reports : reports.getFirst(),
          wide -> table(reports));
    }
  }

  static void print(PrintWriter out, StatusReport report) {
    line(out, "node", report.node() + ", " + state(report) + ", Naru " + report.version());
    report
        .paused()
        .ifPresent(
            since ->
                line(
                    out,
                    "PAUSED",
                    "since " + since + ", repairs nothing; naru node resume " + report.node()));
    report.differs().forEach(difference -> line(out, "differs", difference));
    line(out, "underlay", underlay(report.underlay()));
    line(
        out,
        "pods",
        report.pods() + ", from " + Listing.joined(report.podCidrs()) + ", MTU " + report.podMtu());
    line(out, "transport", report.transport() + ", " + report.peers() + " peers");
    line(out, "paths", states(report));
    line(out, "store", report.store().detail());
    report.failures().forEach(failure -> line(out, "problem", failure));
  }

  private static String underlay(StatusReport.Underlay underlay) {
    return underlay.interfaceName().isEmpty()
        ? underlay.reason()
        : underlay.interfaceName()
            + ", MTU "
            + underlay.mtu()
            + ", "
            + Listing.joined(underlay.addresses())
            + " (chosen because "
            + underlay.reason()
            + ")";
  }

  /** A line of its own, whose text goes on below if it is long. */
  private static void line(PrintWriter out, String label, String text) {
    new Table("%-9s".formatted(label), text).lines(Table.WIDTH).forEach(out::println);
  }

  private static String states(StatusReport report) {
    String states =
        report.paths().entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getValue() + " " + entry.getKey())
            .collect(Collectors.joining(", "));
    return states.isEmpty() ? "none" : states;
  }

  static Table table(List<StatusReport> reports) {
    Table table =
        new Table("NODE", "STATE", "PODS", "POD CIDRS", "MTU", "STORE", "PATHS", "PROBLEMS");
    for (StatusReport report : reports) {
      table.row(
          report.node(),
          state(report),
          "" + report.pods(),
          Listing.joined(report.podCidrs()),
          "" + report.podMtu(),
          report.store().connected() ? "answers" : "away",
          states(report),
          problems(report));
    }
    return table;
  }

  private static String state(StatusReport report) {
    return report.state() + (report.paused().isPresent() ? ", PAUSED" : "");
  }

  private static String problems(StatusReport report) {
    List<String> problems = new ArrayList<>(report.failures());
    if (!report.differs().isEmpty()) {
      problems.add(report.differs().size() + " things differ, see naru status on the node");
    }
    return String.join("; ", problems);
  }
}
