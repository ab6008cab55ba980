package io.naru.core.probe;

import io.naru.core.path.PathState;
import java.util.Optional;

/**
 * What one end concludes about a path.
 *
 * @param reason one sentence for people, without a full stop
 * @param lastSeen the farthest tap where the probes were seen
 * @param notSeen the next tap after it
 */
public record PathVerdict(
    PathState state, String reason, Optional<PathTap> lastSeen, Optional<PathTap> notSeen) {
  static PathVerdict of(PathState state, String reason) {
    return new PathVerdict(state, reason, Optional.empty(), Optional.empty());
  }
}
