package io.naru.agent.probe;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Whether this program comes to its work in time. Where a host has far more to do than it can,
 * probes leave late and are answered late, and every path looks broken. To look closer at all of
 * them then would be what keeps the host from ever catching up. Safe for use by several threads.
 */
public final class Lateness {
  /** From one round of probes, in which few peers are due, to the next. */
  static final Duration ROUND = Duration.ofMillis(50);

  /** What a round may be late. */
  static final Duration MUCH = Duration.ofMillis(500);

  /** After the last late round. */
  static final Duration LASTING = Duration.ofSeconds(5);

  /** Who is late for longer is always late, and what its paths seem to be is all there is. */
  static final Duration LONGEST = Duration.ofMinutes(5);

  private final LongSupplier nanoTime;
  private long lastRound;
  private long lastLate;
  private long since;
  private boolean late;

  /**
   * @param nanoTime a monotonic clock in nanoseconds
   */
  Lateness(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.lastRound = nanoTime.getAsLong();
  }

  /** A round begins; true if it is the first late one. */
  synchronized boolean round() {
    long now = nanoTime.getAsLong();
    boolean inTime = now - lastRound < ROUND.plus(MUCH).toNanos();
    boolean first = !inTime && !isRemembered(lastRound);
    lastRound = now;
    if (inTime) {
      return false;
    }
    since = first ? now : since;
    lastLate = now;
    late = true;
    return first;
  }

  private boolean isRemembered(long now) {
    return late && now - lastLate < LASTING.toNanos();
  }

  /** Whether what the paths seem to be says nothing now. */
  public synchronized boolean isLate() {
    long now = nanoTime.getAsLong();
    return isRemembered(now) && now - since < LONGEST.toNanos();
  }
}
