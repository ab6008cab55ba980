package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
    return isLab() ? List.copyOf(ofLab(lab()).values()) : List.of(AgentClient.local());
  }

  /** Those of a lab's nodes that are up, by the nodes' names; at least one. */
  static Map<String, AgentClient> ofLab(Lab found) {
    Map<String, AgentClient> clients = new LinkedHashMap<>();
    found
        .topology()
        .nodes()
        .forEach(
            node ->
                inLab(found, node.name()).ifPresent(client -> clients.put(node.name(), client)));
    if (clients.isEmpty()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "no agent of the lab '" + found.name() + "' runs; see naru lab status");
    }
    return clients;
  }

  /** The agent of one node; UNAVAILABLE if it cannot be asked from here. */
  AgentClient agent(String node) {
    if (isLab()) {
      Lab found = lab();
      return inLab(found, node)
          .orElseThrow(
              () ->
                  new NaruException(
                      ErrorCode.UNAVAILABLE,
                      node + " of the lab '" + found.name() + "' does not run"));
    }
    AgentClient here = AgentClient.local();
    String name = here.status().node();
    if (!name.equals(node)) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "this host is node " + name + "; type it on the host of node " + node);
    }
    return here;
  }

  /** The lab whose agents are asked. */
  Lab lab() {
    return lab == null ? onlyLab() : LabSource.named(lab);
  }

  private static Optional<AgentClient> inLab(Lab lab, String node) {
    String log = "/run/naru-lab/" + lab.name() + "/nodes/" + node + "/agent.log";
    return lab.agentSocket(node).map(path -> new AgentClient(path, "its log: " + log));
  }

  /** Whether this host's agent is meant, and does not answer. */
  boolean isSilentHere() {
    return lab == null && !AgentClient.local().answers();
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
