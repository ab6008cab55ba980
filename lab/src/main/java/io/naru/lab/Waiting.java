package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Waits for programs that tell nobody when they are ready. */
final class Waiting {
  private static final Duration LONGEST = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(5);

  private Waiting() {}

  /**
   * Returns when the condition holds, and gives up after a minute.
   *
   * @param what is waited for, as in "waited for …"
   * @param evidence what to tell when it does not come
   */
  static void until(String what, BooleanSupplier condition, Supplier<String> evidence) {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE,
            "waited %d s in vain for %s: %s".formatted(LONGEST.toSeconds(), what, evidence.get()));
      }
      pause(what);
    }
  }

  private static void pause(String what) {
    try {
      Thread.sleep(PAUSE);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "interrupted while waiting for " + what, interrupted);
    }
  }
}
