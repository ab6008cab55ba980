package io.naru.bench;

import java.util.Optional;

/**
 * One of the things compared.
 *
 * @param name as the table shows it
 * @param once measures it one time
 * @param goal what it has to reach
 * @param unit its own, where that is not the suite's; it is not compared with other rows then
 */
record Row(String name, Measurement once, Optional<Goal> goal, Optional<String> unit) {
  Row(String name, Measurement once) {
    this(name, once, Optional.empty(), Optional.empty());
  }

  Row(String name, Measurement once, Goal goal) {
    this(name, once, Optional.of(goal));
  }

  Row(String name, Measurement once, Optional<Goal> goal) {
    this(name, once, goal, Optional.empty());
  }

  /** A row that is counted, and shall never come to more than so many in a round. */
  static Row count(String name, String unit, Measurement once, double most) {
    return new Row(name, once, Optional.of(Goal.neverAbove(most)), Optional.of(unit));
  }

  /** One measurement, in its unit. */
  @FunctionalInterface
  interface Measurement {
    double measure();
  }
}
