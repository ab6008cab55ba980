package io.naru.agent.watch;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which peers in trouble are examined when: soon after the trouble began, then ever more rarely,
 * and a few at a time, so that one dead node does not keep a large cluster busy. Pure: it is told
 * the time.
 */
final class ExaminationPace {
  /** Trouble that lasts no longer is nobody's. */
  private static final Duration LASTING = Duration.ofSeconds(3);

  private static final Duration BETWEEN_EXAMINATIONS = Duration.ofSeconds(10);

  private static final List<Duration> PAUSES =
      List.of(Duration.ofMinutes(1), Duration.ofMinutes(5), Duration.ofMinutes(15));

  private static final int PEERS_AT_A_TIME = 8;

  private record Trouble(long next, int examined) {}

  private final Map<NodeName, Trouble> troubles = new HashMap<>();
  private long nextAtAll = Long.MIN_VALUE;

  /**
   * The peers to examine now; they count as examined.
   *
   * @param inTrouble all peers to which a path is in trouble now
   * @param now monotonic, in nanoseconds
   */
  Set<NodeName> due(Set<NodeName> inTrouble, long now) {
    troubles.keySet().retainAll(inTrouble);
    inTrouble.forEach(
        peer -> troubles.computeIfAbsent(peer, p -> new Trouble(now + LASTING.toNanos(), 0)));
    if (nextAtAll != Long.MIN_VALUE && now - nextAtAll < 0) {
      return Set.of();
    }
    List<NodeName> due =
        troubles.entrySet().stream()
            .filter(entry -> now - entry.getValue().next() >= 0)
            .sorted(Comparator.comparingLong(entry -> entry.getValue().next()))
            .map(Map.Entry::getKey)
            .limit(PEERS_AT_A_TIME)
            .toList();
    due.forEach(peer -> troubles.computeIfPresent(peer, (p, trouble) -> examined(trouble, now)));
    if (!due.isEmpty()) {
      nextAtAll = now + BETWEEN_EXAMINATIONS.toNanos();
    }
    return Set.copyOf(due);
  }

  /** These peers could not be examined after all; soon again. */
  void notYet(Set<NodeName> peers, long now) {
    long next = now + BETWEEN_EXAMINATIONS.toNanos();
    peers.forEach(
        peer ->
            troubles.computeIfPresent(
                peer, (p, trouble) -> new Trouble(next, trouble.examined() - 1)));
  }

  private static Trouble examined(Trouble trouble, long now) {
    Duration pause = PAUSES.get(Math.min(trouble.examined(), PAUSES.size() - 1));
    return new Trouble(now + pause.toNanos(), trouble.examined() + 1);
  }
}
