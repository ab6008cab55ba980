package io.naru.core.trace;

import io.naru.core.trace.Sighting.Kind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * One direction of a trace: its hops in order, and what was seen at each.
 *
 * @param probes how many were sent that way
 * @param shown the probe whose times and headers stand for all: of those that were seen at most
 *     hops the last, which found everything warm
 * @param oneClock whether all that watched have the same clock
 */
record Walk(List<Hop> hops, Set<Kind> kinds, int probes, int shown, boolean oneClock) {
  static final Set<Kind> REQUESTS = Set.of(Kind.REQUEST);
  static final Set<Kind> REPLIES = Set.of(Kind.ANSWER, Kind.REFUSAL);

  Walk {
    hops = List.copyOf(hops);
    kinds = Set.copyOf(kinds);
  }

  static Walk of(List<Hop> hops, Set<Kind> kinds, int probes) {
    int shown =
        IntStream.range(0, Math.max(probes, 1))
            .boxed()
            .max(
                Comparator.<Integer>comparingLong(
                        probe ->
                            hops.stream()
                                .filter(hop -> hop.sighting(probe, kinds).isPresent())
                                .count())
                    .thenComparing(probe -> probe))
            .orElse(0);
    long clocks =
        hops.stream()
            .flatMap(hop -> hop.watcher().stream())
            .map(NodeTrace::kernel)
            .distinct()
            .count();
    return new Walk(hops, kinds, probes, shown, clocks < 2);
  }

  boolean isSeen(int hop, int probe) {
    return hops.get(hop).sighting(probe, kinds).isPresent();
  }

  int seen(int hop) {
    return (int) IntStream.range(0, probes).filter(probe -> isSeen(hop, probe)).count();
  }

  /** The last hop at which a probe was seen; −1 if at none. */
  int farthest(int probe) {
    return IntStream.range(0, hops.size()).filter(hop -> isSeen(hop, probe)).max().orElse(-1);
  }

  /** Whether a probe was seen where this way ends. */
  boolean isThrough(int probe) {
    return !hops.isEmpty() && farthest(probe) == hops.size() - 1;
  }

  boolean isAnythingSeen() {
    return IntStream.range(0, probes).anyMatch(probe -> farthest(probe) >= 0);
  }

  /** The steps as they are printed. */
  List<TraceReport.Step> steps() {
    List<TraceReport.Step> steps = new ArrayList<>();
    Map<String, Long> began = began();
    Optional<Sighting> before = Optional.empty();
    for (int i = 0; i < hops.size(); i++) {
      Hop hop = hops.get(i);
      Optional<Sighting> here = hop.sighting(shown, kinds);
      List<TraceReport.Difference> changes =
          before.isPresent() && here.isPresent()
              ? Change.between(before.get(), here.get()).stream()
                  .map(change -> new TraceReport.Difference(change.kind(), change.text()))
                  .toList()
              : List.of();
      steps.add(
          new TraceReport.Step(
              hop.name(),
              hop.interfaceName(),
              hop.isWatched(),
              seen(i),
              here.map(seen -> (seen.nanoseconds() - began.getOrDefault(clock(hop), 0L)) / 1000),
              here.map(seen -> seen.tunnel().map(Sighting.Tunnel::outer).orElse(seen.header()))
                  .map(Header::length),
              changes));
      if (here.isPresent()) {
        before = here;
      }
    }
    return List.copyOf(steps);
  }

  private String clock(Hop hop) {
    return oneClock ? "" : hop.watcher().map(node -> node.node().text()).orElse("");
  }

  /** When each clock first saw the shown probe, on its way there or back. */
  private Map<String, Long> began() {
    Map<String, Long> began = new HashMap<>();
    for (Hop hop : hops) {
      for (Set<Kind> either : List.of(REQUESTS, REPLIES)) {
        hop.sighting(shown, either)
            .ifPresent(seen -> began.merge(clock(hop), seen.nanoseconds(), Math::min));
      }
    }
    return began;
  }
}
