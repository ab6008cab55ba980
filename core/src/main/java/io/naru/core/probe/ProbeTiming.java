package io.naru.core.probe;

import java.time.Duration;

/**
 * When probes go out and when they are given up.
 *
 * @param interval between two rounds to one peer; a round has one probe of each size
 * @param deadline after which a probe that nobody acknowledged counts as lost
 * @param window how long the fate of a probe counts
 * @param brokenAfter so many probes lost in a row break a path
 */
public record ProbeTiming(Duration interval, Duration deadline, Duration window, int brokenAfter) {
  /** Between two rounds to one peer, however few there are. */
  private static final Duration SHORTEST = Duration.ofMillis(100);

  /**
   * The timing for a number of paths: a verdict within a few seconds where they are few, and a
   * bounded rate of packets where they are many.
   *
   * @param paths from this node, those of each family by themselves
   * @param probesPerSecond the most that one node sends
   */
  public static ProbeTiming forPaths(int paths, int probesPerSecond) {
    long spread = paths * 2L * 1000 / probesPerSecond;
    Duration interval = Duration.ofMillis(Math.max(500, spread));
    Duration deadline = interval.plusSeconds(1);
    return new ProbeTiming(interval, deadline, interval.multipliedBy(14).plus(deadline), 3);
  }

  /**
   * The same while somebody wants to know at once: up to ten times as many probes, given up sooner.
   */
  public ProbeTiming hurried() {
    Duration tenth = interval.dividedBy(10);
    Duration shorter = tenth.compareTo(SHORTEST) < 0 ? SHORTEST : tenth;
    return new ProbeTiming(shorter, shorter.plus(SHORTEST.multipliedBy(9)), window, brokenAfter);
  }

  /** How often a peer is told which of its probes arrived: before their deadline. */
  public Duration reporting() {
    return interval.dividedBy(2);
  }

  /** Where nothing comes for so long, something is missing. */
  public Duration patience() {
    return interval.multipliedBy(brokenAfter).plusSeconds(1);
  }
}
