package io.naru.agent.watch;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Peers whose hosts have refused the channel for longer than an agent's restart takes. One whose
 * paths were never proved is only new. Pure: it is told the time.
 */
final class LostAgents {
  /** An agent that is updated, or started again, is back sooner. */
  private static final Duration RESTART = Duration.ofSeconds(30);

  private final Set<NodeName> proved = new HashSet<>();
  private final Map<NodeName, Long> refusedSince = new HashMap<>();

  /**
   * Those who are lost now.
   *
   * @param passing peers of which a path is proved, in either direction
   * @param refusing the others that refuse the channel
   * @param all peers there are
   * @param now monotonic, in nanoseconds
   */
  Set<NodeName> among(Set<NodeName> passing, Set<NodeName> refusing, Set<NodeName> all, long now) {
    proved.addAll(passing);
    proved.retainAll(all);
    refusedSince.keySet().retainAll(refusing);
    Set<NodeName> lost = new HashSet<>();
    for (NodeName peer : refusing) {
      long since = refusedSince.computeIfAbsent(peer, name -> now);
      if (proved.contains(peer) && now - since >= RESTART.toNanos()) {
        lost.add(peer);
      }
    }
    return Set.copyOf(lost);
  }
}
