package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DropReason;
import io.naru.core.diagnosis.FirewallRemedy;
import io.naru.core.diagnosis.Flow;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.judge.TrialWay.Lost;
import io.naru.core.diagnosis.rule.ConntrackFull;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Pods' packets that get lost in a node's forwarding. The nodes' own probes do not go that way, and
 * may all be well.
 */
final class ForwardVerdicts {
  /** Drift that explains why a node forwards nothing. */
  private static final Set<String> FORWARDING =
      Set.of(
          "ip-forward-off",
          "forward-drop",
          "rp-filter",
          "pod-link-altered",
          "route-missing",
          "route-wrong");

  private final Map<String, NodeEvidence> nodes;

  private ForwardVerdicts(Map<String, NodeEvidence> nodes) {
    this.nodes = nodes;
  }

  private record Failed(NodeEvidence node, ForwardTrial trial) {
    NodePair pair() {
      return new NodePair(node.node(), trial.peer());
    }
  }

  /** Where a rule dropped a trial's packet, and how that is known. */
  private record Dropped(String node, RuleDrop rule, boolean request, String seen) {
    static Dropped traced(String node, RuleDrop rule, boolean request) {
      return new Dropped(node, rule, request, "a trace of it ended in nft chain " + rule.where());
    }
  }

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
            .filter(each -> !troubled.contains(each.pair().reversed()))
            .filter(each -> !each.trial().answered() || !each.trial().largeAnswered())
            .filter(each -> !isExplained(each))
            .toList();
    Map<String, List<Failed>> byCause = new LinkedHashMap<>();
    for (Failed each : failed) {
      byCause.computeIfAbsent(cause(each), c -> new ArrayList<>()).add(each);
    }
    return byCause.values().stream().map(this::verdict).toList();
  }

  private String cause(Failed failed) {
    Optional<Dropped> drop = dropped(failed);
    if (drop.isPresent()) {
      return drop.get().node() + " " + drop.get().rule().where();
    }
    if (isTooBig(failed)) {
      return "large " + failed.node().node();
    }
    return lost(failed)
        .map(lost -> lost.node().map(node -> "lost on " + node).orElse(lost.lastSeen()))
        .orElse(failed.pair().toString());
  }

  private Optional<Lost> lost(Failed failed) {
    return new TrialWay(nodes, failed.node().node(), failed.trial()).lost();
  }

  /** Small packets of a pod pass, and those that are larger than the network's do not. */
  private static boolean isTooBig(Failed failed) {
    return failed.trial().answered() && failed.trial().size() > failed.node().podMtu();
  }

  private boolean isExplained(Failed failed) {
    return Stream.of(failed.node().node(), failed.trial().peer())
        .flatMap(name -> Optional.ofNullable(nodes.get(name)).stream())
        .anyMatch(
            node ->
                node.isLeftAlone()
                    && node.drift().stream().anyMatch(drift -> FORWARDING.contains(drift.fault())));
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
          return Optional.of(Dropped.traced(name, drop, true));
        }
        if (drop.from().equals(trial.peerAddress()) && drop.to().equals(trial.address())) {
          return Optional.of(Dropped.traced(name, drop, false));
        }
      }
    }
    return counted(failed, true).or(() -> counted(failed, false));
  }

  /** A rule of iptables-legacy, which has a counter and no trace. */
  private Optional<Dropped> counted(Failed failed, boolean request) {
    ForwardTrial trial = failed.trial();
    Flow flow =
        request
            ? new Flow("udp", trial.address(), trial.peerAddress(), List.of())
            : new Flow("icmp", trial.peerAddress(), trial.address(), List.of());
    return ends(List.of(failed))
        .flatMap(
            node ->
                node.filters().dropped("through", flow).stream()
                    .map(
                        counted ->
                            new Dropped(node.node(), counted.rule(), request, counted.sentence())))
        .findFirst();
  }

  private Verdict verdict(List<Failed> together) {
    Failed first = together.getFirst();
    return dropped(first)
        .map(drop -> dropped(together, drop))
        .orElseGet(() -> isTooBig(first) ? tooBig(together) : byCounter(together));
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
    String fault = rule.fault();
    return new Verdict(
        Verdict.code(fault),
        fault,
        state(first),
        drop.node()
            + (first.trial().answered()
                ? " drops large packets of pods: "
                : " drops pods' packets: ")
            + rule.said(),
        pairs,
        Optional.of(drop.node() + (entering ? "/veth" : "/vtep")),
        Optional.of(drop.node() + (entering ? "/vtep" : "/veth")),
        Certainty.OBSERVED,
        Stream.concat(evidence(first), Stream.of(drop.seen())).toList(),
        List.of("the path between the nodes: the nodes' own probes pass"),
        List.of(),
        List.of(new FirewallRemedy(drop.node(), rule).pods(first.node().podNetworks())));
  }

  private static NodePair way(Failed failed, boolean request) {
    NodePair pair = failed.pair();
    return request ? pair : pair.reversed();
  }

  private static Stream<String> evidence(Failed failed) {
    ForwardTrial trial = failed.trial();
    return Stream.of(
        "a packet from pod "
            + named(trial.pod(), trial.address())
            + " to "
            + named(trial.peerPod(), trial.peerAddress())
            + (failed.trial().answered()
                ? " is answered if it is small, and not if it has " + trial.size() + " bytes"
                : " got no answer; the nodes' own packets between them do"));
  }

  private static String named(String name, String address) {
    return name.equals(address) ? name : name + " (" + address + ")";
  }

  private static PathState state(Failed failed) {
    return failed.trial().answered() ? PathState.DEGRADED : PathState.BROKEN;
  }

  /** Lost within a node whose counters tell why, or not known why. */
  private Verdict byCounter(List<Failed> together) {
    Verdict unexplained = unexplained(together);
    return lost(together.getFirst())
        .flatMap(Lost::node)
        .flatMap(name -> Optional.ofNullable(nodes.get(name)))
        .flatMap(ConntrackFull::on)
        .map(unexplained::explained)
        .orElse(unexplained);
  }

  private Verdict unexplained(List<Failed> together) {
    Failed first = together.getFirst();
    ForwardTrial trial = first.trial();
    Optional<Lost> lost = lost(first);
    boolean back = lost.filter(place -> !place.pair().equals(first.pair())).isPresent();
    String size = trial.answered() ? " of " + trial.size() + " bytes" : "";
    String way =
        back
            ? "answers from pod " + trial.peerPod() + " to " + trial.pod()
            : "packets" + size + " from pod " + trial.pod() + " to " + trial.peerPod();
    return new Verdict(
        Verdict.code(Verdict.UNEXPLAINED),
        Verdict.UNEXPLAINED,
        state(first),
        way
            + lost.map(place -> " are last seen at " + place.lastSeen())
                .orElse(" are lost on one of their nodes")
            + Diagnosis.others(together.size(), "way"),
        together.stream()
            .map(each -> lost(each).map(Lost::pair).orElse(each.pair()))
            .distinct()
            .sorted()
            .toList(),
        lost.map(Lost::lastSeen),
        lost.map(Lost::notSeen),
        Certainty.INFERRED,
        Stream.concat(
                evidence(first), ends(together).flatMap(node -> DropReason.ofTrials(node).stream()))
            .toList(),
        List.of("the path between the nodes: the nodes' own probes pass"),
        ends(together).flatMap(node -> node.filters().suspects(node.node()).stream()).toList(),
        List.of(
            Remedy.judged(
                "see hop by hop where they end",
                "naru trace " + trial.pod() + " " + trial.peerPod())));
  }

  /** The nodes' evidence, as far as there is any. */
  private Stream<NodeEvidence> ends(List<Failed> together) {
    return together.stream()
        .flatMap(each -> Stream.of(each.node().node(), each.trial().peer()))
        .distinct()
        .flatMap(name -> Optional.ofNullable(nodes.get(name)).stream());
  }

  /** Packets as large as a pod may send vanish, and nobody tells it. */
  private Verdict tooBig(List<Failed> together) {
    Failed first = together.getFirst();
    NodeEvidence node = first.node();
    ForwardTrial trial = first.trial();
    return new Verdict(
        Verdict.code("mtu-pod-too-big"),
        "mtu-pod-too-big",
        PathState.DEGRADED,
        "pods on "
            + node.node()
            + " send packets of "
            + trial.size()
            + " bytes, the network carries "
            + node.podMtu()
            + ", and they are not told",
        together.stream().map(Failed::pair).distinct().sorted().toList(),
        Optional.of(node.node() + "/veth"),
        Optional.of(node.node() + "/vtep"),
        Certainty.OBSERVED,
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
        List.of(),
        List.of(
            node.isLeftAlone()
                ? Remedy.safe("let the agent set the pods' MTU", "naru node resume " + node.node())
                : Remedy.judged(
                    "set the MTU of the pods' interfaces to "
                        + node.podMtu()
                        + ", in each pod's own network namespace: on the node, eth0 is another",
                    "nsenter -t <pid in the pod> -n ip link set dev eth0 mtu " + node.podMtu())));
  }

  private static Optional<String> fails(NodeEvidence node) {
    long fails = node.rose("Ip.FragFails") + node.rose("Ip6FragFails");
    return fails == 0
        ? Optional.empty()
        : Optional.of(node.node() + " refused " + fails + " packets as too large (IpFragFails)");
  }
}
