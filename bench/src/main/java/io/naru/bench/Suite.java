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

  /** A round begins; 0 is the one that does not count. */
  default void round(int number) {}

  /** What else was found, a line each, once all rounds are done. */
  default List<String> remarks() {
    return List.of();
  }

  /** Takes down what the rows needed. */
  @Override
  default void close() {}
}
