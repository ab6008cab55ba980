package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.RuleDrop;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * Pods' packets that get lost in a node's forwarding. The nodes' own probes do not go that way, and
 * may all be well.
 */
final class ForwardVerdicts {
  /** Drift that explains why a node forwards nothing. */
  private static final Set<String> FORWARDING =
      Set.of("ip-forward-off", "forward-drop", "rp-filter", "pod-link-altered", "route-missing");

  private final Map<String, NodeEvidence> nodes;

  private ForwardVerdicts(Map<String, NodeEvidence> nodes) {
    this.nodes = nodes;
  }

  private record Failed(NodeEvidence node, ForwardTrial trial) {
    NodePair pair() {
      return new NodePair(node.node(), trial.peer());
    }
  }

  /** Where a rule dropped a trial's packet. */
  private record Dropped(String node, RuleDrop rule, boolean request) {}

  /**
   * The verdicts.
   *
   * @param troubled pairs of nodes of which something is said already
   */
  static List<Verdict> of(Map<String, NodeEvidence> nodes, Set<NodePair> troubled) {
    return new ForwardVerdicts(nodes).verdicts(troubled);
  }

  private List<Verdict> verdicts(Set<NodePair> troubled) {
    List<Failed> failed =
        nodes.values().stream()
            .flatMap(node -> node.forwarding().stream().map(trial -> new Failed(node, trial)))
            .filter(each -> !troubled.contains(each.pair()))
            .filter(
                each -> !troubled.contains(new NodePair(each.trial().peer(), each.node().node())))
            .filter(each -> !each.trial().answered() || !each.trial().largeAnswered())
            .filter(each -> !isExplained(each))
            .toList();
    Map<String, List<Failed>> byCause = new LinkedHashMap<>();
    Optional<String> common = common(failed.stream().filter(f -> !f.trial().answered()).toList());
    for (Failed each : failed) {
      String cause =
          each.trial().answered()
              ? "large " + each.node().node()
              : dropped(each)
                  .map(drop -> drop.node() + " " + drop.rule().where())
                  .orElse("unexplained " + common.orElse(each.pair().toString()));
      byCause.computeIfAbsent(cause, c -> new ArrayList<>()).add(each);
    }
    return byCause.values().stream().map(together -> verdict(together, common)).toList();
  }

  private boolean isExplained(Failed failed) {
    return Stream.of(failed.node().node(), failed.trial().peer())
        .flatMap(name -> Optional.ofNullable(nodes.get(name)).stream())
        .anyMatch(
            node ->
                node.paused()
                    && node.drift().stream().anyMatch(drift -> FORWARDING.contains(drift.fault())));
  }

  /** The node that all failed trials have in common, where there are several. */
  private static Optional<String> common(List<Failed> failed) {
    Map<String, Integer> ends = new TreeMap<>();
    failed.stream()
        .flatMap(each -> Stream.of(each.pair().from(), each.pair().to()).distinct())
        .forEach(node -> ends.merge(node, 1, Integer::sum));
    List<String> all =
        ends.entrySet().stream()
            .filter(end -> end.getValue() == failed.size())
            .map(Map.Entry::getKey)
            .toList();
    return failed.size() > 1 && all.size() == 1 ? Optional.of(all.getFirst()) : Optional.empty();
  }

  private Optional<Dropped> dropped(Failed failed) {
    ForwardTrial trial = failed.trial();
    for (String name : List.of(failed.node().node(), trial.peer())) {
      NodeEvidence node = nodes.get(name);
      if (node == null) {
        continue;
      }
      for (RuleDrop drop : node.drops()) {
        if (drop.from().equals(trial.address()) && drop.to().equals(trial.peerAddress())) {
          return Optional.of(new Dropped(name, drop, true));
        }
        if (drop.from().equals(trial.peerAddress()) && drop.to().equals(trial.address())) {
          return Optional.of(new Dropped(name, drop, false));
        }
      }
    }
    return Optional.empty();
  }

  private Verdict verdict(List<Failed> together, Optional<String> common) {
    Failed first = together.getFirst();
    if (first.trial().answered()) {
      return large(together);
    }
    return dropped(first)
        .map(drop -> dropped(together, drop))
        .orElseGet(() -> unexplained(together, common));
  }

  private Verdict dropped(List<Failed> together, Dropped drop) {
    RuleDrop rule = drop.rule();
    Failed first = together.getFirst();
    List<NodePair> pairs =
        together.stream()
            .flatMap(each -> dropped(each).map(found -> way(each, found.request())).stream())
            .distinct()
            .sorted()
            .toList();
    boolean entering = way(first, drop.request()).from().equals(drop.node());
    String fault =
        switch (rule.hook()) {
          case "in" -> "host-input-drop";
          case "out" -> "host-output-drop";
          default -> "forward-drop";
        };
    return new Verdict(
        Verdict.code(fault),
        fault,
        PathState.BROKEN,
        drop.node() + " drops pods' packets: " + rule.where(),
        pairs,
        Optional.of(drop.node() + (entering ? "/veth" : "/vtep")),
        Optional.of(drop.node() + (entering ? "/vtep" : "/veth")),
        Certainty.OBSERVED,
        Stream.concat(
                evidence(first), Stream.of("a trace of it ended in nft chain " + rule.where()))
            .toList(),
        List.of("the path between the nodes: the nodes' own probes pass"),
        List.of(),
        List.of(
            Remedy.judged(
                "on " + drop.node() + ", accept the pods' blocks before that",
                rule.handle()
                    .map(handle -> "nft delete rule " + rule.chain() + " handle " + handle)
                    .orElse("nft insert rule " + rule.chain() + " iifname naru* accept"))));
  }

  private static NodePair way(Failed failed, boolean request) {
    NodePair pair = failed.pair();
    return request ? pair : new NodePair(pair.to(), pair.from());
  }

  private static Stream<String> evidence(Failed failed) {
    ForwardTrial trial = failed.trial();
    return Stream.of(
        "a packet from pod "
            + trial.pod()
            + " ("
            + trial.address()
            + ") to "
            + trial.peerPod()
            + " ("
            + trial.peerAddress()
            + ") got no answer; the nodes' own packets between them do");
  }

  private Verdict unexplained(List<Failed> together, Optional<String> common) {
    Failed first = together.getFirst();
    return new Verdict(
        Verdict.code(Verdict.UNEXPLAINED),
        Verdict.UNEXPLAINED,
        PathState.BROKEN,
        common
            .map(
                node -> "packets between the pods of " + node + " and others are lost on that node")
            .orElse(
                "packets from pods on "
                    + first.pair().from()
                    + " to pods on "
                    + first.pair().to()
                    + " are lost on one of these nodes"),
        together.stream().map(Failed::pair).distinct().sorted().toList(),
        Optional.of(common.orElse(first.pair().from()) + "/veth"),
        Optional.of(common.orElse(first.pair().from()) + "/vtep"),
        Certainty.INFERRED,
        evidence(first).toList(),
        List.of("the path between the nodes: the nodes' own probes pass"),
        List.of("filters that nft does not show (iptables-legacy, eBPF)"),
        List.of(
            Remedy.judged(
                "look at what forwards them, at both ends",
                "sysctl net.ipv4.ip_forward; iptables-legacy -S FORWARD"),
            Remedy.judged(
                "see hop by hop where they end",
                "naru trace " + first.trial().pod() + " " + first.trial().peerPod())));
  }

  /** Small packets of a pod pass, those as large as it may send vanish and nobody tells it. */
  private Verdict large(List<Failed> together) {
    Failed first = together.getFirst();
    NodeEvidence node = first.node();
    ForwardTrial trial = first.trial();
    boolean tooBig = trial.size() > node.podMtu();
    String fault = tooBig ? "mtu-pod-too-big" : Verdict.UNEXPLAINED;
    return new Verdict(
        Verdict.code(fault),
        fault,
        PathState.DEGRADED,
        tooBig
            ? "pods on "
                + node.node()
                + " send packets of "
                + trial.size()
                + " bytes, the network carries "
                + node.podMtu()
                + ", and they are not told"
            : "large packets of pods on " + node.node() + " are lost, those of the nodes are not",
        together.stream().map(Failed::pair).distinct().sorted().toList(),
        Optional.of(node.node() + "/veth"),
        Optional.of(node.node() + "/vtep"),
        tooBig ? Certainty.OBSERVED : Certainty.INFERRED,
        Stream.of(
                Optional.of(
                    "of pod "
                        + trial.pod()
                        + "'s packets to "
                        + trial.peerPod()
                        + " small ones are answered, those of "
                        + trial.size()
                        + " bytes are not"),
                fails(node))
            .flatMap(Optional::stream)
            .toList(),
        List.of("the path between the nodes: probes of " + node.podMtu() + " bytes pass"),
        tooBig ? List.of() : List.of("which hop loses them"),
        List.of(
            node.paused()
                ? Remedy.safe("let the agent set the pods' MTU", "naru node resume " + node.node())
                : Remedy.judged(
                    "set the MTU of the pods' interfaces to " + node.podMtu(),
                    "ip link set dev eth0 mtu " + node.podMtu())));
  }

  private static Optional<String> fails(NodeEvidence node) {
    long fails = node.rose("Ip.FragFails") + node.rose("Ip6FragFails");
    return fails == 0
        ? Optional.empty()
        : Optional.of(node.node() + " refused " + fails + " packets as too large (IpFragFails)");
  }
}
