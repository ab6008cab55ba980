package io.naru.agent.probe;

import io.naru.core.path.PathId;
import io.naru.core.path.PathState;
import io.naru.core.probe.PathVerdict;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The last verdict on each path and since when it holds: for people by the wall clock, for
 * decisions by a monotonic one, since wall clocks jump. Not safe for use by several threads.
 */
final class JudgedPaths {
  private record Dated(JudgedPath path, long changedAt) {}

  private final Map<PathId, Dated> paths = new HashMap<>();

  void record(PathId path, boolean chosen, PathVerdict verdict, Instant wallClock, long now) {
    Optional<Dated> same =
        Optional.ofNullable(paths.get(path))
            .filter(before -> before.path().verdict().state() == verdict.state());
    Instant since = same.map(before -> before.path().since()).orElse(wallClock);
    paths.put(
        path,
        new Dated(
            new JudgedPath(path, chosen, verdict, since), same.map(Dated::changedAt).orElse(now)));
  }

  void forget(Predicate<PathId> unwanted) {
    paths.keySet().removeIf(unwanted);
  }

  List<JudgedPath> sorted() {
    return paths.values().stream()
        .map(Dated::path)
        .sorted(Comparator.comparing(JudgedPath::path))
        .toList();
  }

  /** Whether any path is in doubt; one that is only new has a while. */
  boolean isAnyInDoubt(Duration patience, long now) {
    return paths.values().stream()
        .anyMatch(
            dated ->
                switch (dated.path().verdict().state()) {
                  case HEALTHY -> false;
                  case DEGRADED, BROKEN -> true;
                  case UNKNOWN -> now - dated.changedAt() > patience.toNanos();
                });
  }

  /** Those of which something is known, and for so long. */
  List<JudgedPath> knownFor(Duration least, long now) {
    return paths.values().stream()
        .filter(dated -> dated.path().verdict().state() != PathState.UNKNOWN)
        .filter(dated -> now - dated.changedAt() >= least.toNanos())
        .map(Dated::path)
        .toList();
  }
}
