package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** All rules, those first whose observation leaves least room for another cause. */
public final class Rules {
  private static final List<Rule> ALL =
      List.of(
          new UnderlayLinkDown(),
          new UnderlayNeighbourWrong(),
          new VniMismatch(),
          new PortMismatch(),
          new DriftedKernel(),
          new RuleDropped(),
          new FlowLoss(),
          new Refused(),
          new OuterEcnMarked(),
          new OuterChecksum(),
          new DirectRouteRefused(),
          new UnderlayNoPath(),
          new RateLimited(),
          new UnderlayLoss(),
          new FragmentsDropped(),
          new MtuHole(),
          new UnderlayUdp());

  private Rules() {}

  /** The first explanation; where no rule has one, at least the place. */
  public static Finding explain(PathCase path) {
    return ALL.stream()
        .flatMap(rule -> explained(rule, path).stream())
        .findFirst()
        .orElseGet(() -> Unexplained.of(path));
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
