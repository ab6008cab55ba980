package io.naru.bench;

/**
 * One of the things compared.
 *
 * @param name as the table shows it
 * @param once measures it one time
 */
record Row(String name, Measurement once) {
  /** One measurement, in the suite's unit. */
  @FunctionalInterface
  interface Measurement {
    double measure();
  }
}
