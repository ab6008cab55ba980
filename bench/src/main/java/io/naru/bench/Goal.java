package io.naru.bench;

import io.naru.bench.Rounds.Result;
import java.util.Locale;
import java.util.Optional;

/**
 * What a row has to reach.
 *
 * @param against the row it is compared with; empty for a plain number in the suite's unit
 * @param least whether the bound is a least value, else it is a greatest one
 * @param always whether each round has to reach it, else the median does
 * @param bound a factor of that row's median, or the number itself
 */
record Goal(Optional<String> against, boolean least, boolean always, double bound) {
  static Goal atLeast(double factor, String against) {
    return new Goal(Optional.of(against), true, false, factor);
  }

  static Goal atMost(double factor, String against) {
    return new Goal(Optional.of(against), false, false, factor);
  }

  static Goal atMost(double value) {
    return new Goal(Optional.empty(), false, false, value);
  }

  /** Not in a single round. */
  static Goal neverAbove(double value) {
    return new Goal(Optional.empty(), false, true, value);
  }

  /**
   * How a row did.
   *
   * @param other the median of the row it is compared with, if it is
   */
  Outcome of(Result result, double other, String unit) {
    double own = result.median();
    if (always) {
      own = least ? result.least() : result.greatest();
    }
    double value = against.isPresent() ? own / other : own;
    boolean met = least ? value >= bound : value <= bound;
    return new Outcome(result.row(), against, value, unit, least, always, bound, met);
  }

  /**
   * A goal and whether it was met.
   *
   * @param value the factor, or the number itself; of the worst round where each has to reach it
   * @param unit of the number itself
   */
  record Outcome(
      String row,
      Optional<String> against,
      double value,
      String unit,
      boolean least,
      boolean always,
      double bound,
      boolean met) {
    String sentence() {
      return String.format(
          Locale.ROOT,
          "%s: %s is %.2f %s; the goal is %s %.2f%s",
          met ? "met" : "NOT MET",
          row,
          value,
          against.map(other -> "times " + other).orElse(unit),
          least ? "at least" : "at most",
          bound,
          always ? " in every round" : "");
    }
  }
}
