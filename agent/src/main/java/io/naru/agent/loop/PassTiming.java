package io.naru.agent.loop;

import java.time.Duration;
import java.util.Locale;

/**
 * What a pass took.
 *
 * @param number of the comparison of everything that this is, or that went before
 * @param entries how many entries the node's kernel should hold; 0 where not all were looked at
 * @param comparing reading the kernel and finding out what differs
 * @param changing doing it
 */
public record PassTiming(long number, int entries, Duration comparing, Duration changing) {
  /** Of a pass that did nothing. */
  public static final PassTiming NONE = new PassTiming(0, 0, Duration.ZERO, Duration.ZERO);

  /** In all. */
  public Duration total() {
    return comparing.plus(changing);
  }

  String text() {
    return String.format(
        Locale.ROOT,
        "%.1f ms compared and %.1f ms changed",
        comparing.toNanos() / 1e6,
        changing.toNanos() / 1e6);
  }
}
