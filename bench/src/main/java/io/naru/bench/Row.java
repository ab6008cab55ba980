package io.naru.bench;

import java.util.Optional;

/**
 * One of the things compared.
 *
 * @param name as the table shows it
 * @param once measures it one time
 * @param goal what its median has to reach
 */
record Row(String name, Measurement once, Optional<Goal> goal) {
  Row(String name, Measurement once) {
    this(name, once, Optional.empty());
  }

  Row(String name, Measurement once, Goal goal) {
    this(name, once, Optional.of(goal));
  }

  /** One measurement, in the suite's unit. */
  @FunctionalInterface
  interface Measurement {
    double measure();
  }
}
