package io.naru.core.probe;

import io.naru.core.address.IpFamily;
import java.util.Map;
import java.util.TreeMap;

/**
 * One verdict of those on each family: a path is as well as the worse of them. IPv4 and IPv6
 * packets of pods may meet different filters and different routes, so neither speaks for the other.
 */
public final class FamilyVerdicts {
  private FamilyVerdicts() {}

  /**
   * The path's verdict.
   *
   * @param families at least one
   */
  public static PathVerdict worst(Map<IpFamily, PathVerdict> families) {
    Map<IpFamily, PathVerdict> ordered = new TreeMap<>(families);
    Map.Entry<IpFamily, PathVerdict> worst = ordered.entrySet().iterator().next();
    for (Map.Entry<IpFamily, PathVerdict> each : ordered.entrySet()) {
      int order = Integer.compare(gravity(each), gravity(worst));
      boolean knowsMore =
          each.getValue().lastSeen().isPresent() && worst.getValue().lastSeen().isEmpty();
      if (order > 0 || (order == 0 && knowsMore)) {
        worst = each;
      }
    }
    PathVerdict verdict = worst.getValue();
    StringBuilder better = new StringBuilder();
    for (Map.Entry<IpFamily, PathVerdict> each : ordered.entrySet()) {
      if (each.getValue().state() != verdict.state()) {
        better.append("; ").append(each.getKey()).append(" is ").append(each.getValue().state());
      }
    }
    return better.isEmpty()
        ? verdict
        : verdict.because(worst.getKey() + ": " + verdict.reason() + better);
  }

  private static int gravity(Map.Entry<IpFamily, PathVerdict> verdict) {
    return verdict.getValue().state().gravity();
  }
}
