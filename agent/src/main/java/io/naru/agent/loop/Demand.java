package io.naru.agent.loop;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * What the loop was asked to look at and has not yet. A peer's change is looked at at once. Demands
 * for everything come in flocks, since one event of a kernel seldom comes alone: after the first,
 * so long is waited for the others. Safe for use by several threads.
 */
final class Demand {
  private static final Duration FLOCK = Duration.ofMillis(20);

  private static final Duration LONGEST_WAIT = Duration.ofMillis(500);

  private final Set<NodeName> peers = new HashSet<>();
  private boolean everything;
  private long everythingSince;
  private boolean closed;

  synchronized void everything() {
    if (!everything) {
      everything = true;
      everythingSince = System.nanoTime();
      notifyAll();
    }
  }

  synchronized void peers(Set<NodeName> names) {
    if (peers.addAll(names)) {
      notifyAll();
    }
  }

  synchronized void close() {
    closed = true;
    notifyAll();
  }

  /**
   * Waits for the next thing to look at.
   *
   * @param rest before so long after now, everything is not looked at however much it is asked for
   * @param longest after so long, everything is looked at unasked
   * @return empty once closed
   */
  synchronized Optional<Scope> take(Duration rest, Duration longest) throws InterruptedException {
    long began = System.nanoTime();
    long unasked = began + longest.toNanos();
    long rested = began + rest.toNanos();
    while (!closed) {
      long due = unasked;
      if (everything) {
        due = Math.min(due, later(rested, everythingSince + FLOCK.toNanos()));
      }
      long now = System.nanoTime();
      // However many changes of peers come, drift does not wait for their end.
      boolean overdue = everything && now - everythingSince > LONGEST_WAIT.toNanos();
      long left = overdue ? 0 : due - now;
      if (left <= 0) {
        everything = false;
        peers.clear();
        return Optional.of(new Scope.Everything());
      }
      if (!peers.isEmpty()) {
        Scope scope = new Scope.Peers(peers);
        peers.clear();
        return Optional.of(scope);
      }
      wait(left / 1_000_000 + 1);
    }
    return Optional.empty();
  }

  private static long later(long a, long b) {
    return a - b > 0 ? a : b;
  }
}
