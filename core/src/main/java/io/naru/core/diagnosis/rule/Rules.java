package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Rule;
import io.naru.core.probe.ProbePacket;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All rules, those first whose observation leaves least room for another cause. */
public final class Rules {
  /** Those that see a packet filter itself. */
  private static final List<Rule> FILTERS = List.of(new RuleDropped(), new Refused());

  private static final List<Rule> ALL =
      List.of(
          new UnderlayLinkDown(),
          new UnderlayNeighbourWrong(),
          new VniMismatch(),
          new PortMismatch(),
          DriftedKernel.differing(),
          new RuleDropped(),
          new FlowLoss(),
          new Refused(),
          new OuterEcnMarked(),
          new OuterChecksum(),
          new ConntrackFull(),
          new DirectRouteRefused(),
          new UnderlayNoPath(),
          new RateLimited(),
          new UnderlayLoss(),
          new FragmentsDropped(),
          new MtuHole(),
          new UnderlayUdp(),
          DriftedKernel.surplus());

  private Rules() {}

  /** The first explanation; where no rule has one, at least the place. */
  public static Finding explain(PathCase path) {
    return ALL.stream()
        .flatMap(rule -> explained(rule, path).stream())
        .findFirst()
        .orElseGet(() -> Unexplained.of(path))
        .seenAlso(reasons(path), unseen(path));
  }

  /** Whether a packet filter was seen to stop the path's packets. */
  public static boolean isFiltered(PathCase path) {
    return FILTERS.stream().anyMatch(rule -> explained(rule, path).isPresent());
  }

  /** The kernel's own words, of the node in which the packets are lost. */
  private static List<String> reasons(PathCase path) {
    return Stream.concat(
            path.isLostAtSender() ? path.sender().stream() : Stream.empty(),
            path.isLostAtReceiver() ? path.receiver().stream() : Stream.empty())
        .flatMap(node -> node.reasons(List.of(node.vxlanPort(), ProbePacket.PORT)).stream())
        .toList();
  }

  /** XDP programs come before the tap: what they drop looks as if it had not arrived. */
  private static List<String> unseen(PathCase path) {
    return path.isLostBetween()
        ? path.receiver().stream().flatMap(node -> node.filters().beforeTaps(node.node())).toList()
        : List.of();
  }

  private static Optional<Finding> explained(Rule rule, PathCase path) {
    Optional<Finding> finding = rule.explain(path);
    assert finding.isEmpty() || rule.faults().contains(finding.get().fault())
        : rule + " names a fault that it does not state: " + finding.get().fault();
    return finding;
  }

  /** All faults that a rule may name. */
  public static Set<String> faults() {
    return ALL.stream()
        .flatMap(rule -> rule.faults().stream())
        .collect(Collectors.toUnmodifiableSet());
  }
}
