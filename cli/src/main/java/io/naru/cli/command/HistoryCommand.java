package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.cli.output.Age;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.history.HistoryEntry;
import io.naru.core.diagnosis.history.HistoryEntry.Kind;
import java.io.PrintWriter;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code naru history}. */
@Command(
    name = "history",
    description = {
      "What the agents found of their own accord: trouble that they examined, drift that they repaired.",
      "The newest last; an agent remembers 200 entries, and none of the time before its start."
    })
final class HistoryCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;
  @Mixin OutputOption output;

  /**
   * An entry with the node that found it.
   *
   * @param node the agent's
   */
  record Row(
      String node,
      Instant since,
      Optional<Instant> until,
      Kind kind,
      String code,
      String title,
      List<NodePair> pairs,
      Optional<String> place,
      int times) {
    static Row of(String node, HistoryEntry entry) {
      return new Row(
          node,
          entry.since(),
          entry.until(),
          entry.kind(),
          entry.code(),
          entry.title(),
          entry.pairs(),
          entry.place(),
          entry.times());
    }

    private String state(Instant now) {
      return switch (kind) {
        case REPAIR -> "repaired";
        case VERDICT ->
            until.map(end -> "over, " + Age.of(end.toString(), now) + " ago").orElse("lasts");
      };
    }

    private String what() {
      return pairs.isEmpty()
          ? title
          : title
              + " ("
              + pairs.stream().map(NodePair::toString).collect(Collectors.joining(", "))
              + ")";
    }
  }

  @Override
  public void run() {
    List<Row> rows =
        ListCommands.gathered(source.agents(), HistoryCommand::rows).stream()
            .sorted(Comparator.comparing(Row::since))
            .toList();
    PrintWriter out = spec.commandLine().getOut();
    Listing.print(out, output.format, rows, wide -> table(rows, Instant.now()));
  }

  private static List<Row> rows(AgentClient agent) {
    String node = agent.status().node();
    return agent.history().stream().map(entry -> Row.of(node, entry)).toList();
  }

  private static Table table(List<Row> rows, Instant now) {
    Table table = new Table("SINCE", "STATE", "NODE", "TIMES", "CODE", "WHAT");
    for (Row row : rows) {
      table.row(
          Age.of(row.since().toString(), now) + " ago",
          row.state(now),
          row.node(),
          Integer.toString(row.times()),
          row.code(),
          row.what());
    }
    return table;
  }
}
