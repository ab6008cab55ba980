package io.naru.core.diagnosis;

import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.RuleDrop;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What is wrong on a node itself, though the nodes' probes pass. */
final class NodeVerdicts {
  private NodeVerdicts() {}

  /**
   * The verdicts.
   *
   * @param told causes that explain a path already
   */
  static List<Verdict> of(Map<String, NodeEvidence> nodes, Set<String> told) {
    List<Verdict> verdicts = new ArrayList<>();
    for (NodeEvidence node : nodes.values()) {
      verdicts.addAll(drifted(node, told));
      if (verdicts.stream().noneMatch(verdict -> isAbout(verdict, node, "ip-forward-off"))) {
        forwarding(node, nodes, told).ifPresent(verdicts::add);
      }
    }
    return verdicts;
  }

  private static boolean isAbout(Verdict verdict, NodeEvidence node, String fault) {
    return verdict.fault().equals(fault)
        && verdict.pairs().stream().anyMatch(pair -> pair.from().equals(node.node()));
  }

  /** A kernel that lacks something while its agent is paused; nobody has missed it yet. */
  private static List<Verdict> drifted(NodeEvidence node, Set<String> told) {
    if (!node.paused()) {
      return List.of();
    }
    Map<String, List<Drift>> byFault = new LinkedHashMap<>();
    node.drift()
        .forEach(
            drift -> byFault.computeIfAbsent(drift.fault(), f -> new ArrayList<>()).add(drift));
    List<Verdict> verdicts = new ArrayList<>();
    byFault.forEach(
        (fault, drifts) -> {
          if (!told.contains(fault + "@" + node.node())) {
            verdicts.add(drift(node, fault, drifts));
          }
        });
    return verdicts;
  }

  private static Verdict drift(NodeEvidence node, String fault, List<Drift> drifts) {
    List<NodePair> pairs =
        node.peers().stream()
            .filter(
                peer ->
                    drifts.stream()
                        .anyMatch(d -> d.peer().isEmpty() || d.peer().get().equals(peer.name())))
            .map(peer -> new NodePair(node.node(), peer.name()))
            .toList();
    return new Verdict(
        Diagnosis.code(fault),
        fault,
        fault.equals("ip-forward-off") ? PathState.BROKEN : PathState.DEGRADED,
        DriftTitle.of(node.node(), drifts.getFirst()),
        pairs,
        Optional.empty(),
        Optional.empty(),
        Certainty.OBSERVED,
        drifts.stream()
            .map(drift -> "compared with the store, it needs: " + drift.line())
            .limit(5)
            .toList(),
        List.of(),
        List.of(),
        List.of(
            Remedy.safe(
                "let the agent repair it; it takes less than a second",
                "naru node resume " + node.node())));
  }

  /** Pods' packets are not forwarded, though the node's own reach their peers. */
  private static Optional<Verdict> forwarding(
      NodeEvidence node, Map<String, NodeEvidence> nodes, Set<String> told) {
    Optional<ForwardTrial> failed = node.forwarding().filter(trial -> !trial.answered());
    if (failed.isEmpty()) {
      return Optional.empty();
    }
    ForwardTrial trial = failed.get();
    Optional<RuleDrop> here =
        node.drops().stream().filter(drop -> !drop.hook().equals("in")).findFirst();
    Optional<NodeEvidence> other = Optional.ofNullable(nodes.get(trial.peer()));
    Optional<RuleDrop> there = other.stream().flatMap(o -> o.drops().stream()).findFirst();
    String fault = here.or(() -> there).isPresent() ? "forward-drop" : Verdict.UNEXPLAINED;
    if (told.stream().anyMatch(cause -> cause.startsWith("forward-drop@" + node.node()))) {
      return Optional.empty();
    }
    NodeEvidence dropping = here.isPresent() || other.isEmpty() ? node : other.get();
    Optional<RuleDrop> drop = here.or(() -> there);
    return Optional.of(
        new Verdict(
            Diagnosis.code(fault),
            fault,
            PathState.BROKEN,
            drop.map(
                    rule ->
                        dropping.node()
                            + " drops pods' packets: "
                            + rule.chain()
                            + ": "
                            + rule.rule())
                .orElse("packets of pods on " + node.node() + " get no further than that node"),
            List.of(new NodePair(node.node(), trial.peer())),
            Optional.of(node.node() + "/veth"),
            Optional.of(node.node() + "/vtep"),
            drop.isPresent() ? Certainty.OBSERVED : Certainty.INFERRED,
            evidence(trial, drop),
            List.of("the path between the nodes: the nodes' own probes pass"),
            drop.isPresent()
                ? List.of()
                : List.of("filters that nft does not show (iptables-legacy)"),
            drop.map(
                    rule ->
                        List.of(
                            Remedy.judged(
                                "on " + dropping.node() + ", accept the pods' blocks before that",
                                rule.handle()
                                    .map(h -> "nft delete rule " + rule.chain() + " handle " + h)
                                    .orElse(
                                        "nft insert rule "
                                            + rule.chain()
                                            + " iifname naru* accept"))))
                .orElse(
                    List.of(
                        Remedy.judged(
                            "look at what forwards them",
                            "sysctl net.ipv4.ip_forward; iptables-legacy -S FORWARD")))));
  }

  private static List<String> evidence(ForwardTrial trial, Optional<RuleDrop> drop) {
    List<String> evidence = new ArrayList<>();
    evidence.add(
        "a packet from pod "
            + trial.pod()
            + " to "
            + trial.peer()
            + " got no answer; the node's own to the same place did");
    drop.ifPresent(
        rule ->
            evidence.add(
                "a trace of it ended in nft chain " + rule.chain() + " at: " + rule.rule()));
    return evidence;
  }
}
