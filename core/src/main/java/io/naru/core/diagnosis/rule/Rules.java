package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Rule;
import java.util.List;

/** All rules, those first whose observation leaves least room for another cause. */
public final class Rules {
  private static final List<Rule> ALL =
      List.of(
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
        .flatMap(rule -> rule.explain(path).stream())
        .findFirst()
        .orElseGet(() -> Unexplained.of(path));
  }
}
