package io.naru.doctor.compare;

import java.util.OptionalLong;

/**
 * When a capture was certainly running, by the other capture's clock: between its first and its
 * last packet. A packet that is missing from it then is lost; before and after, nobody knows.
 */
record RunningTime(boolean always, long from, long to) {
  private static final long MARGIN_BY_ONE_CLOCK = 50_000_000;
  private static final long MARGIN_BY_TWO_CLOCKS = 1_000_000_000;

  /**
   * The time.
   *
   * @param offset nanoseconds that this capture's clock is ahead of the other's, where that is
   *     known
   */
  static RunningTime of(CaptureSummary capture, OptionalLong offset) {
    if (capture.first().isEmpty() || capture.last().isEmpty()) {
      return new RunningTime(true, 0, 0);
    }
    long length = capture.last().getAsLong() - capture.first().getAsLong();
    // Clocks of two hosts that no packet compares may be apart: leave out more.
    long margin =
        Math.min(offset.isPresent() ? MARGIN_BY_ONE_CLOCK : MARGIN_BY_TWO_CLOCKS, length / 10);
    return new RunningTime(
        false,
        capture.first().getAsLong() - offset.orElse(0) + margin,
        capture.last().getAsLong() - offset.orElse(0) - margin);
  }

  boolean covers(long time) {
    return always || time == PacketLog.NO_TIME || (time >= from && time <= to);
  }
}
