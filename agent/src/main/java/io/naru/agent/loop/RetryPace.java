package io.naru.agent.loop;

import java.time.Duration;
import java.util.List;

/**
 * How long the loop waits after a pass, unless something triggers it: after a good one until the
 * next full comparison; after a failure shortly, then twice as long each time, for as long as
 * nothing else fails; and only a moment where the kernel had no room or no time.
 */
final class RetryPace {
  private static final Duration FIRST = Duration.ofMillis(500);

  private static final Duration LONGEST = Duration.ofSeconds(10);
  private static final Duration MOMENT = Duration.ofMillis(50);

  /** So many moments are less than a second; what is refused for longer is not momentary. */
  private static final int MOMENTS = 12;

  private final Duration fullComparison;
  private Duration last = FIRST;
  private List<String> problems = List.of();
  private int moments;

  RetryPace(Duration fullComparison) {
    this.fullComparison = fullComparison;
  }

  /** How long to wait after this pass, which followed those that were asked about before. */
  Duration after(Pass pass) {
    boolean same = pass.problems().equals(problems);
    problems = pass.problems();
    moments = pass.momentary() ? moments + 1 : 0;
    if (problems.isEmpty()) {
      return fullComparison;
    }
    if (pass.momentary() && moments <= MOMENTS) {
      return MOMENT;
    }
    last = same ? shorter(last.multipliedBy(2), LONGEST) : FIRST;
    return last;
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }
}
