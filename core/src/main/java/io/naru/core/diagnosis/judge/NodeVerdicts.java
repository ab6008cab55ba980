package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DriftTitle;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
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
import java.util.stream.Stream;

/** What is wrong on a node itself, though the nodes' probes pass. */
final class NodeVerdicts {
  /** Fewer may be another program's. */
  private static final int MANY_FRAGMENTS = 16;

  private static final String SURPLUS = "entry-surplus";

  /** One act may leave several differences: the one that explains the loss stands for all. */
  private static final Map<String, Set<String>> PARTS =
      Map.of(
          "rp-filter", Set.of("route-missing", "route-wrong", SURPLUS),
          "vtep-mac-stale", Set.of("fdb-missing", "fdb-wrong", "neigh-missing", SURPLUS),
          "port-mismatch", Set.of("fdb-wrong", "fdb-missing", SURPLUS),
          "vni-mismatch", Set.of("fdb-wrong", "fdb-missing", "tunnel-altered", SURPLUS));

  private NodeVerdicts() {}

  /**
   * The verdicts.
   *
   * @param told causes that explain a path already, and faults that were seen happening
   */
  static List<Verdict> of(Map<String, NodeEvidence> nodes, Set<String> told) {
    List<Verdict> verdicts = new ArrayList<>();
    for (NodeEvidence node : nodes.values()) {
      verdicts.addAll(drifted(node, told));
      fragmenting(node, nodes, told).ifPresent(verdicts::add);
    }
    return verdicts;
  }

  /** A kernel that differs while nobody repairs it; nobody has missed anything yet. */
  private static List<Verdict> drifted(NodeEvidence node, Set<String> told) {
    if (!node.isLeftAlone()) {
      return List.of();
    }
    Map<String, List<Drift>> byFault = new LinkedHashMap<>();
    node.drift()
        .forEach(
            drift -> byFault.computeIfAbsent(drift.fault(), f -> new ArrayList<>()).add(drift));
    List<Verdict> verdicts = new ArrayList<>();
    byFault.forEach(
        (fault, drifts) -> {
          boolean seen = told.contains(fault) || told.contains(fault + "@" + node.node());
          if (!seen && !isLeftBehind(node, drifts) && !isPartOfAnother(node, fault, told)) {
            verdicts.add(drift(node, fault, drifts));
          }
        });
    return verdicts;
  }

  /** What takes a peer's entry away, or alters it, often leaves another in its place. */
  private static boolean isLeftBehind(NodeEvidence node, List<Drift> drifts) {
    return drifts.stream()
        .allMatch(
            surplus ->
                surplus.fault().equals(SURPLUS)
                    && surplus.peer().isPresent()
                    && node.drift().stream()
                        .anyMatch(
                            drift ->
                                !drift.fault().equals(SURPLUS)
                                    && drift.peer().equals(surplus.peer())));
  }

  private static boolean isPartOfAnother(NodeEvidence node, String fault, Set<String> told) {
    return PARTS.entrySet().stream()
        .anyMatch(
            entry ->
                entry.getValue().contains(fault)
                    && told.stream()
                        .anyMatch(
                            cause ->
                                cause.equals(entry.getKey() + "@" + node.node())
                                    || node.peers().stream()
                                        .anyMatch(
                                            peer ->
                                                cause.equals(entry.getKey() + "@" + peer.name()))));
  }

  private static Verdict drift(NodeEvidence node, String fault, List<Drift> drifts) {
    boolean forwardsNothing = fault.equals("ip-forward-off");
    List<NodePair> pairs =
        node.peers().stream()
            .filter(
                peer ->
                    drifts.stream()
                        .anyMatch(d -> d.peer().isEmpty() || d.peer().get().equals(peer.name())))
            .flatMap(peer -> pairs(node.node(), peer.name(), forwardsNothing))
            .sorted()
            .toList();
    return new Verdict(
        Verdict.code(fault),
        fault,
        forwardsNothing ? PathState.BROKEN : PathState.DEGRADED,
        DriftTitle.of(node.node(), drifts.getFirst()),
        pairs,
        forwardsNothing ? Optional.of(node.node() + "/vtep") : Optional.empty(),
        forwardsNothing ? Optional.of(node.node() + "/veth") : Optional.empty(),
        Certainty.OBSERVED,
        Stream.concat(
                drifts.stream().map(drift -> DriftWords.compared(node.node(), drift)).limit(5),
                Stream.of(DriftWords.whyItLasts(node)))
            .toList(),
        List.of(),
        List.of(),
        List.of(DriftWords.remedy(node)));
  }

  private static Stream<NodePair> pairs(String node, String peer, boolean bothWays) {
    return Stream.concat(
        Stream.of(new NodePair(node, peer)),
        bothWays ? Stream.of(new NodePair(peer, node)) : Stream.empty());
  }

  /** The peers that put fragments together meanwhile; all where none could be asked. */
  private static List<NodePair> fragmented(NodeEvidence node, Map<String, NodeEvidence> nodes) {
    List<NodePair> all =
        node.peers().stream().map(peer -> new NodePair(node.node(), peer.name())).toList();
    List<NodePair> some =
        all.stream()
            .filter(pair -> isReassembling(Optional.ofNullable(nodes.get(pair.to()))))
            .toList();
    return some.isEmpty() ? all : some;
  }

  private static boolean isReassembling(Optional<NodeEvidence> peer) {
    return peer.filter(node -> node.fragmentsReceived() >= MANY_FRAGMENTS).isPresent();
  }

  /** Large tunnel packets travel in pieces: everything works, slowly. */
  private static Optional<Verdict> fragmenting(
      NodeEvidence node, Map<String, NodeEvidence> nodes, Set<String> told) {
    long fragments = node.fragmentsMade();
    if (fragments < MANY_FRAGMENTS || told.contains("fragments-dropped@" + node.node())) {
      return Optional.empty();
    }
    return Optional.of(
        new Verdict(
            Verdict.code("mtu-fragmenting"),
            "mtu-fragmenting",
            PathState.DEGRADED,
            node.node() + " cuts large tunnel packets into fragments: they arrive, slowly",
            fragmented(node, nodes),
            Optional.empty(),
            Optional.empty(),
            Certainty.INFERRED,
            List.of(node.node() + " made " + fragments + " fragments meanwhile (IpFragCreates)"),
            List.of("loss: probes of full size arrive"),
            List.of("whether other programs of " + node.node() + " made them"),
            List.of(
                Remedy.judged(
                    "let the pods' packets be smaller: set mtu in the network's file, 50 less than"
                        + " what the way to the others carries (70 over IPv6)",
                    "ip route show; ip link show " + node.underlay()))));
  }
}
