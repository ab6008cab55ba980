package io.naru.core.probe;

import io.naru.core.path.PathState;
import java.util.Optional;

/**
 * What one end concludes about a path.
 *
 * @param reason one sentence for people, without a full stop
 * @param smallPass whether small probes are known to pass: the trouble, if any, is large ones'
 * @param lastSeen the farthest tap where the probes were seen
 * @param notSeen the next tap after it
 */
public record PathVerdict(
    PathState state,
    String reason,
    boolean smallPass,
    Optional<PathTap> lastSeen,
    Optional<PathTap> notSeen) {
  /** Without a place. Where a path is well, small probes pass. */
  public static PathVerdict of(PathState state, String reason) {
    return new PathVerdict(
        state, reason, state == PathState.HEALTHY, Optional.empty(), Optional.empty());
  }

  /** The same, told otherwise. */
  PathVerdict because(String otherReason) {
    return new PathVerdict(state, otherReason, smallPass, lastSeen, notSeen);
  }

  /** The same, where only large probes are in trouble. */
  PathVerdict ofLargeOnly() {
    return new PathVerdict(state, reason, true, lastSeen, notSeen);
  }

  /** The same, lost between these taps. */
  PathVerdict between(Optional<PathTap> seen, Optional<PathTap> missing) {
    return new PathVerdict(state, reason, smallPass, seen, missing);
  }
}
