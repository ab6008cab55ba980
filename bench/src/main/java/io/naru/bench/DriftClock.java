package io.naru.bench;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;

/** Measures how long drift lasts, by looking at it every other millisecond. */
final class DriftClock {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final long BETWEEN_LOOKS_MILLIS = 2;

  /** So that what the agent does now and then meets drift at any moment. */
  private static final long LEAST_PAUSE_MILLIS = 300;

  private static final long LONGEST_PAUSE_MILLIS = 1000;

  private long began;

  /** From now on it is drift: the kernel may take long to do what is asked of it. */
  void begin() {
    began = System.nanoTime();
  }

  /** Makes a drift, which calls {@link #begin()}, and waits for its end. */
  double milliseconds(DriftingNode.Drift drift) {
    rest(ThreadLocalRandom.current().nextLong(LEAST_PAUSE_MILLIS, LONGEST_PAUSE_MILLIS));
    BooleanSupplier back = drift.make().get();
    while (!back.getAsBoolean()) {
      if (System.nanoTime() - began > LONGEST.toNanos()) {
        throw new IllegalStateException(
            drift.name() + " is not repaired after " + LONGEST.toSeconds() + " s");
      }
      rest(BETWEEN_LOOKS_MILLIS);
    }
    return (System.nanoTime() - began) / 1e6;
  }

  private static void rest(long milliseconds) {
    Attempts.pause(Duration.ofMillis(milliseconds));
  }
}
