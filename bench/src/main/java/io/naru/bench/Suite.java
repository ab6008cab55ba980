package io.naru.bench;

import java.util.List;

/** Rows that are worth comparing. The first row is what the others' ratios refer to. */
interface Suite extends AutoCloseable {
  /** As it is named on the command line. */
  String name();

  /** Of every row's numbers, like "ms". */
  String unit();

  /** The same rows each time. */
  List<Row> rows();

  /** How often to measure when so many rounds are asked for: fewer where one takes minutes. */
  default int rounds(int asked) {
    return asked;
  }

  /** Takes down what the rows needed. */
  @Override
  default void close() {}
}
