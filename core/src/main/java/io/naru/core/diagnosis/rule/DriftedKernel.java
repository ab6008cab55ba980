package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DriftTitle;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * A kernel that does not hold what it should, on a node whose agent repairs nothing. Entries for
 * the peer of the path explain it before those that all peers need. What is there in addition
 * seldom harms, so it explains a path of the peer that it is about alone, and only where nothing
 * else does.
 */
final class DriftedKernel implements Rule {
  /** With one of these nothing arrives that the way back of packets could be checked of. */
  private static final Set<String> BEFORE_CHECK =
      Set.of(
          "fdb-missing",
          "fdb-wrong",
          "neigh-missing",
          "port-mismatch",
          "vni-mismatch",
          "vtep-mac-stale",
          "tunnel-missing",
          "tunnel-altered",
          "address-altered");

  private final boolean surplus;

  private DriftedKernel(boolean surplus) {
    this.surplus = surplus;
  }

  /** What is missing or altered. */
  static Rule differing() {
    return new DriftedKernel(false);
  }

  /** What is there in addition. */
  static Rule surplus() {
    return new DriftedKernel(true);
  }

  @Override
  public Set<String> faults() {
    return Drift.FAULTS;
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    boolean atReceiver = path.isLostAtReceiver();
    Optional<Finding> sender =
        path.sender()
            .flatMap(node -> at(node, path.word().to()))
            .map(finding -> placed(finding, path.word().from()));
    Optional<Finding> receiver = path.receiver().flatMap(node -> at(node, path.word().from()));
    if (path.isLostBetween() && sender.filter(DriftedKernel::misdirects).isEmpty()) {
      return Optional.empty(); // what leaves as it should is not lost by the sender's kernel
    }
    return atReceiver ? receiver.or(() -> sender) : sender.or(() -> receiver);
  }

  /** Without a way to the tunnel, packets of pods get no further than where they enter the node. */
  private static Finding placed(Finding finding, String node) {
    return List.of(
                "neigh-missing", "route-missing", "route-wrong", "rule-missing", "tunnel-missing")
            .contains(finding.fault())
        ? finding.between(node + "/veth", node + "/vtep")
        : finding;
  }

  /** Whether packets leave and go astray. */
  private static boolean misdirects(Finding finding) {
    return List.of(
            "fdb-wrong",
            "route-missing",
            "route-wrong",
            "port-mismatch",
            "vni-mismatch",
            "tunnel-altered")
        .contains(finding.fault());
  }

  private Optional<Finding> at(NodeEvidence node, String peer) {
    if (!node.isLeftAlone()) {
      return Optional.empty();
    }
    List<Drift> drifts =
        node.drift().stream().filter(drift -> drift.isSurplus() == surplus).toList();
    Stream<Drift> forPeer = drifts.stream().filter(drift -> drift.peer().equals(Optional.of(peer)));
    Stream<Drift> forAll =
        drifts.stream().filter(drift -> drift.peer().isEmpty() && !drift.isSurplus());
    boolean outdone =
        drifts.stream()
            .filter(drift -> drift.peer().isEmpty() || drift.peer().equals(Optional.of(peer)))
            .anyMatch(drift -> BEFORE_CHECK.contains(drift.fault()));
    // A check of the way back fails because of a route: the check is what drops.
    return Stream.concat(
            drifts.stream().filter(drift -> !outdone && isCheck(drift)),
            Stream.concat(
                Stream.concat(forPeer, forAll).filter(drift -> !isCheck(drift)),
                drifts.stream().filter(drift -> outdone && isCheck(drift))))
        .findFirst()
        .map(drift -> finding(node, drift));
  }

  private static boolean isCheck(Drift drift) {
    return drift.fault().equals("rp-filter");
  }

  private static Finding finding(NodeEvidence node, Drift drift) {
    return new Finding(
        drift.fault(),
        drift.fault() + "@" + node.node(),
        DriftTitle.of(node.node(), drift),
        Certainty.OBSERVED,
        List.of(DriftWords.compared(node.node(), drift), DriftWords.whyItLasts(node)),
        List.of("the underlay: the packets do not get there as they should"),
        List.of(),
        List.of(DriftWords.remedy(node)));
  }
}
