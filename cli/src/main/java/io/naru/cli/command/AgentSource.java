package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which agents answer: this host's own, or all of a lab's. */
final class AgentSource {
  @Option(
      names = "--lab",
      paramLabel = "NAME",
      description = "ask the agents of this lab (default: this host's agent, else the only lab)")
  @Nullable String lab;

  /** One client for each agent that can be asked; at least one. */
  List<AgentClient> agents() {
    if (!isLab()) {
      return List.of(AgentClient.local());
    }
    Lab found = lab == null ? onlyLab() : LabSource.named(lab);
    List<AgentClient> clients = new ArrayList<>();
    found
        .topology()
        .nodes()
        .forEach(
            node -> {
              Optional<Path> socket = found.agentSocket(node.name());
              socket.ifPresent(
                  path ->
                      clients.add(
                          new AgentClient(
                              path,
                              "its log: /run/naru-lab/"
                                  + found.name()
                                  + "/nodes/"
                                  + node.name()
                                  + "/agent.log")));
            });
    if (clients.isEmpty()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "no agent of the lab '" + found.name() + "' runs; see naru lab status");
    }
    return clients;
  }

  /** Whether a lab's agents are asked, not this host's one. */
  boolean isLab() {
    return lab != null || !AgentClient.local().answers();
  }

  static Lab onlyLab() {
    List<Lab> labs = Lab.list();
    if (labs.size() == 1) {
      return labs.getFirst();
    }
    throw new NaruException(
        ErrorCode.UNAVAILABLE,
        labs.isEmpty()
            ? "no agent answers on "
                + AgentClient.LOCAL_SOCKET
                + " and no lab stands; start one of them: naru agent, or naru lab up"
            : "several labs stand; choose with --lab: "
                + labs.stream().map(Lab::name).collect(Collectors.joining(", ")));
  }
}
