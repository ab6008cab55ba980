package io.naru.core.path;

import io.naru.core.cluster.NodeName;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;

/**
 * What one end of a path in trouble says of it in the store, so that the other end learns it even
 * where the agents cannot talk to each other. Only paths in trouble have notices, or the store
 * would hold N² of them: a notice is withdrawn when the path and the agents' channel are well.
 *
 * @param path which path
 * @param observer the end that speaks: the path's {@code from} or {@code to}
 * @param state what the observer judges from its own end
 * @param reason one sentence for people
 * @param lastSeen the farthest tap where the observer saw the probes, like {@code node2/nic}
 * @param notSeen the nearest tap after it where the probes were not seen
 * @param since when the state began, by the observer's clock
 * @param renewed when the observer last confirmed it; a word that is not confirmed again and again
 *     is the word of somebody who may be gone
 */
public record PathNotice(
    PathId path,
    NodeName observer,
    PathState state,
    String reason,
    Optional<String> lastSeen,
    Optional<String> notSeen,
    Instant since,
    Instant renewed) {
  public PathNotice {
    Objects.requireNonNull(path, "path is missing");
    Objects.requireNonNull(observer, "observer is missing");
    Objects.requireNonNull(state, "state is missing");
    Objects.requireNonNull(reason, "reason is missing");
    Objects.requireNonNull(lastSeen, "lastSeen is missing");
    Objects.requireNonNull(notSeen, "notSeen is missing");
    Objects.requireNonNull(since, "since is missing");
    Objects.requireNonNull(renewed, "renewed is missing");
  }

  /** The same word, confirmed at a time. */
  public PathNotice renewedAt(Instant now) {
    return new PathNotice(path, observer, state, reason, lastSeen, notSeen, since, now);
  }

  /** Whether both say the same, whenever they were confirmed. */
  public boolean saysTheSameAs(PathNotice other) {
    return equals(other.renewedAt(renewed));
  }
}
