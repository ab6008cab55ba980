package io.naru.bench;

import java.util.Locale;
import java.util.Optional;

/**
 * What a row's median has to reach.
 *
 * @param against the row it is compared with; empty for a plain number in the suite's unit
 * @param least whether the bound is a least value, else it is a greatest one
 * @param bound a factor of that row's median, or the number itself
 */
record Goal(Optional<String> against, boolean least, double bound) {
  static Goal atLeast(double factor, String against) {
    return new Goal(Optional.of(against), true, factor);
  }

  static Goal atMost(double factor, String against) {
    return new Goal(Optional.of(against), false, factor);
  }

  static Goal atMost(double value) {
    return new Goal(Optional.empty(), false, value);
  }

  /** How a row did. */
  Outcome of(String row, double median, double other) {
    double value = against.isPresent() ? median / other : median;
    return new Outcome(row, against, value, least, bound, least ? value >= bound : value <= bound);
  }

  /**
   * A goal and whether it was met.
   *
   * @param value the factor, or the number itself
   */
  record Outcome(
      String row,
      Optional<String> against,
      double value,
      boolean least,
      double bound,
      boolean met) {
    String sentence(String unit) {
      return String.format(
          Locale.ROOT,
          "%s: %s is %.2f %s; the goal is %s %.2f",
          met ? "met" : "NOT MET",
          row,
          value,
          against.map(other -> "times " + other).orElse(unit),
          least ? "at least" : "at most",
          bound);
    }
  }
}
