package io.naru.bench;

import java.util.ArrayDeque;
import java.util.Deque;

/** What was made for a measurement and has to go, also after a failure or a signal. */
final class LeftOvers {
  private static final Deque<Runnable> REMOVALS = new ArrayDeque<>();

  private LeftOvers() {}

  /** To be done at the end; what was noted last is done first. */
  static void note(Runnable removal) {
    synchronized (REMOVALS) {
      REMOVALS.push(removal);
    }
  }

  /** Removes everything noted so far; one failure does not keep the others back. */
  static void remove() {
    while (true) {
      Runnable next;
      synchronized (REMOVALS) {
        next = REMOVALS.poll();
      }
      if (next == null) {
        return;
      }
      try {
        next.run();
      } catch (RuntimeException failed) {
        System.err.println("not removed: " + failed.getMessage());
      }
    }
  }
}
