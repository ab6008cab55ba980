package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.NodeRow;
import io.naru.api.PathRow;
import io.naru.api.PodRow;
import io.naru.api.StatusReport;
import io.naru.api.TunnelRow;
import io.naru.cli.output.Age;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.core.error.NaruException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru tunnel|path|pod list}; each asks all agents there are and puts the rows together. */
final class ListCommands {
  private ListCommands() {}

  /** The rows of every agent that answers; fails only where none does. */
  static <T> List<T> gathered(List<AgentClient> agents, Function<AgentClient, List<T>> question) {
    List<T> rows = new ArrayList<>();
    @Nullable NaruException failure = null;
    int answered = 0;
    for (AgentClient agent : agents) {
      try {
        rows.addAll(question.apply(agent));
        answered++;
      } catch (NaruException silent) {
        failure = silent;
      }
    }
    if (failure != null && answered == 0) {
      throw failure;
    }
    return rows;
  }

  @Command(
      name = "tunnel",
      description = "The tunnels to other nodes: what cilium calls a map.",
      subcommands = TunnelList.class)
  static final class TunnelCommand extends Group {}

  @Command(name = "list", description = "Each peer behind each node's tunnel, and its packets.")
  static final class TunnelList implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;
    @Mixin OutputOption output;

    @Override
    public void run() {
      List<TunnelRow> rows = gathered(source.agents(), AgentClient::tunnels);
      Listing.print(spec.commandLine().getOut(), output.format, rows, wide -> table(rows));
    }

    static Table table(List<TunnelRow> rows) {
      Table table =
          new Table("NODE", "PEER", "REMOTE", "VNI", "MAC", "IN USE", "SENT", "RECEIVED", "PODS");
      for (TunnelRow row : rows) {
        table.row(
            row.node(),
            row.peer(),
            row.remote() + ":" + row.port(),
            "" + row.vni(),
            row.vtepMac(),
            row.active() ? "yes" : "no",
            "" + row.sent(),
            "" + row.received(),
            Listing.joined(row.podCidrs()));
      }
      return table;
    }
  }

  @Command(
      name = "path",
      description = "The paths between nodes, each direction by itself.",
      subcommands = PathList.class)
  static final class PathCommand extends Group {}

  @Command(
      name = "list",
      description = {
        "Each path: healthy, degraded, broken or unknown; and where its probes were last seen."
      })
  static final class PathList implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;
    @Mixin OutputOption output;

    @Option(
        names = "--all",
        description = "also the transports that are probed and carry no pod packets now")
    boolean all;

    @Override
    public void run() {
      List<PathRow> rows = PathMerge.merged(gathered(source.agents(), agent -> agent.paths(all)));
      Instant now = Instant.now();
      Listing.print(spec.commandLine().getOut(), output.format, rows, wide -> table(rows, now));
    }

    static Table table(List<PathRow> rows, Instant now) {
      Table table =
          new Table("FROM", "TO", "TRANSPORT", "STATE", "FOR", "LAST SEEN", "NOT SEEN", "REASON");
      for (PathRow row : rows) {
        table.row(
            row.from(),
            row.to(),
            row.transport(),
            row.state(),
            Age.of(row.since(), now),
            row.lastSeen().orElse(""),
            row.notSeen().orElse(""),
            row.reason());
      }
      return table;
    }
  }

  @Command(
      name = "pod",
      description = "The pods on this node, or on all nodes of a lab.",
      subcommands = PodList.class)
  static final class PodCommand extends Group {}

  @Command(name = "list", description = "Each pod, its addresses and its interface.")
  static final class PodList implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;
    @Mixin OutputOption output;

    @Override
    public void run() {
      List<PodRow> rows = gathered(source.agents(), AgentClient::pods);
      Instant now = Instant.now();
      Listing.print(spec.commandLine().getOut(), output.format, rows, wide -> table(rows, now));
    }

    static Table table(List<PodRow> rows, Instant now) {
      Table table = new Table("POD", "NAMESPACE", "NODE", "ADDRESSES", "INTERFACE", "AGE");
      for (PodRow row : rows) {
        table.row(
            row.name(),
            row.namespace().orElse(""),
            row.node(),
            Listing.joined(row.addresses()),
            row.hostInterface(),
            Age.of(row.since(), now));
      }
      return table;
    }
  }

  @Command(
      name = "list",
      description = "Each node, its addresses, its pods, and how it is reached.")
  static final class NodeList implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;
    @Mixin OutputOption output;

    @Override
    public void run() {
      List<AgentClient> agents = source.agents();
      List<NodeRow> rows = gathered(agents.subList(0, 1), AgentClient::nodes);
      if (agents.size() > 1) {
        rows = withPauses(rows, gathered(agents, agent -> List.of(agent.status())));
      }
      print(rows);
    }

    private void print(List<NodeRow> rows) {
      Listing.print(spec.commandLine().getOut(), output.format, rows, wide -> table(rows, wide));
    }

    /** An agent knows of its own pause alone; where all can be asked, each row has its node's. */
    private static List<NodeRow> withPauses(List<NodeRow> rows, List<StatusReport> reports) {
      Map<String, Optional<String>> pauses = new HashMap<>();
      reports.forEach(report -> pauses.put(report.node(), report.paused()));
      return rows.stream()
          .map(row -> row.withPaused(pauses.getOrDefault(row.name(), row.paused())))
          .toList();
    }

    static Table table(List<NodeRow> rows, boolean wide) {
      Table table =
          wide
              ? new Table(
                  "NODE", "KIND", "ADDRESSES", "PODS", "REACHED BY", "VTEP MAC", "PORTS", "WHY")
              : new Table("NODE", "ADDRESSES", "PODS", "REACHED BY", "WHY");
      for (NodeRow row : rows) {
        String addresses = Listing.joined(row.addresses());
        String pods = Listing.joined(row.podCidrs());
        String why = (row.paused().isPresent() ? "PAUSED, repairs nothing; " : "") + row.reason();
        if (wide) {
          String agentPort = row.agentPort() == 0 ? "" : " " + row.agentPort() + "/tcp";
          String ports = row.vxlanPort() + "/udp" + agentPort;
          table.row(
              row.name(), row.kind(), addresses, pods, row.transport(), row.vtepMac(), ports, why);
        } else {
          table.row(row.name(), addresses, pods, row.transport(), why);
        }
      }
      return table;
    }
  }
}
