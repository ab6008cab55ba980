package io.naru.bench;

import java.util.List;
import java.util.Optional;

/** Rows that are worth comparing. The first row is what the others' ratios refer to. */
interface Suite extends AutoCloseable {
  /** As it is named on the command line. */
  String name();

  /** Of every row's numbers, like "ms". */
  String unit();

  /** The same rows each time. */
  List<Row> rows();

  /**
   * The name of a row of all rows' numbers together, where each number is a case of the same; their
   * order is then another one in each round, and tables show the 99th percentile.
   */
  default Optional<String> together() {
    return Optional.empty();
  }

  /** How often to measure when so many rounds are asked for: fewer where one takes minutes. */
  default int rounds(int asked) {
    return asked;
  }

  /** Takes down what the rows needed. */
  @Override
  default void close() {}
}
