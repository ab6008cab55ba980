package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.ServiceRow;
import io.naru.cli.output.Listing;
import io.naru.cli.output.Table;
import io.naru.core.error.NaruException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru service list}. */
@Command(
    name = "list",
    description = {
      "Each service's frontends and backends, and how the asked agent's node reaches those.",
      "Agents differ in nothing but the paths; in a lab the first one is asked."
    })
final class ServiceList implements Runnable {
  @Spec CommandSpec spec;
  @Mixin AgentSource source;
  @Mixin OutputOption output;

  @Option(names = "--node", paramLabel = "NODE", description = "ask the agent of this node")
  @Nullable String node;

  @Override
  public void run() {
    List<ServiceRow> rows = node == null ? first(source.agents()) : source.agent(node).services();
    Listing.print(spec.commandLine().getOut(), output.format, rows, wide -> table(rows, wide));
  }

  /** What the first agent that answers says. */
  private static List<ServiceRow> first(List<AgentClient> agents) {
    for (AgentClient agent : agents.subList(0, agents.size() - 1)) {
      try {
        return agent.services();
      } catch (NaruException silent) {
        // The next one knows the same services.
      }
    }
    return agents.getLast().services();
  }

  static Table table(List<ServiceRow> rows, boolean wide) {
    Table table =
        wide
            ? new Table(
                "SERVICE",
                "PORT NAME",
                "FRONTEND",
                "NODE PORT",
                "BACKEND",
                "NODE",
                "STATE",
                "PATH",
                "SEEN FROM")
            : new Table("SERVICE", "FRONTEND", "NODE PORT", "BACKEND", "NODE", "STATE", "PATH");
    for (ServiceRow row : rows) {
      if (row.backends().isEmpty()) {
        add(table, wide, row, "none", "", "", "");
      }
      for (ServiceRow.Target target : row.backends()) {
        add(
            table,
            wide,
            row,
            at(target.address(), target.port()),
            target.node().orElse(""),
            target.state(),
            target.path());
      }
    }
    return table;
  }

  private static void add(
      Table table,
      boolean wide,
      ServiceRow row,
      String backend,
      String node,
      String state,
      String path) {
    String frontend =
        at(row.address().orElse("headless"), row.port())
            + row.protocol().map(protocol -> "/" + protocol).orElse("");
    String nodePort = row.nodePort().map(String::valueOf).orElse("");
    if (wide) {
      table.row(
          row.name(),
          row.portName().orElse(""),
          frontend,
          nodePort,
          backend,
          node,
          state,
          path,
          row.observer());
    } else {
      table.row(row.name(), frontend, nodePort, backend, node, state, path);
    }
  }

  /** An address and a port as a URL has them (RFC 3986, section 3.2.2). */
  private static String at(String address, Optional<Integer> port) {
    String host = port.isPresent() && address.contains(":") ? "[" + address + "]" : address;
    return host + port.map(number -> ":" + number).orElse("");
  }
}
