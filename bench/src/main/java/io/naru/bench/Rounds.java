package io.naru.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Measures rows side by side: each round measures every row once, so that what disturbs the machine
 * for a while disturbs all of them.
 */
final class Rounds {
  /** Fewer say nothing. */
  static final int LEAST = 5;

  private Rounds() {}

  /**
   * A round that does not count, then those that do.
   *
   * @param before is told each round's number; 0 is the one that does not count
   */
  static List<Result> run(List<Row> rows, int rounds, IntConsumer before) {
    if (rounds < LEAST) {
      throw new IllegalArgumentException("at least " + LEAST + " rounds, not " + rounds);
    }
    double[][] measured = new double[rows.size()][rounds];
    for (int round = 0; round <= rounds; round++) {
      before.accept(round);
      for (int row = 0; row < rows.size(); row++) {
        double one = rows.get(row).once().measure();
        if (round > 0) {
          measured[row][round - 1] = one;
        }
      }
    }
    List<Result> results = new ArrayList<>();
    double first = median(measured[0]);
    for (int row = 0; row < rows.size(); row++) {
      double[] sorted = measured[row].clone();
      Arrays.sort(sorted);
      double median = median(sorted);
      results.add(
          new Result(rows.get(row).name(), median, median / first, sorted[0], sorted[rounds - 1]));
    }
    return results;
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * A row's numbers, in the suite's unit.
   *
   * @param ratio of the median to the first row's
   */
  record Result(String row, double median, double ratio, double least, double greatest) {}
}
