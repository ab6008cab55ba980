package io.naru.bench;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;

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
   * @param together a name for all rows' numbers together; then each round has an order of its own
   * @param before is told each round's number; 0 is the one that does not count
   */
  static List<Result> run(
      List<Row> rows, int rounds, Optional<String> together, IntConsumer before) {
    if (rounds < LEAST) {
      throw new IllegalArgumentException("at least " + LEAST + " rounds, not " + rounds);
    }
    double[][] measured = new double[rows.size()][rounds];
    List<Integer> order = new ArrayList<>(IntStream.range(0, rows.size()).boxed().toList());
    for (int round = 0; round <= rounds; round++) {
      before.accept(round);
      if (together.isPresent()) {
        Collections.shuffle(order);
      }
      for (int row : order) {
        double one = rows.get(row).once().measure();
        if (round > 0) {
          measured[row][round - 1] = one;
        }
      }
    }
    List<Result> results = new ArrayList<>();
    double first = median(measured[0]);
    for (int row = 0; row < rows.size(); row++) {
      double reference = rows.get(row).unit().isPresent() ? Double.NaN : first;
      results.add(result(rows.get(row).name(), measured[row], reference));
    }
    together.ifPresent(
        name -> {
          double[] all = Arrays.stream(measured).flatMapToDouble(Arrays::stream).toArray();
          results.add(result(name, all, first));
        });
    return results;
  }

  private static Result result(String name, double[] values, double first) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double median = median(sorted);
    return new Result(
        name, median, median / first, sorted[0], percentile(sorted, 99), sorted[sorted.length - 1]);
  }

  /** The least of the sorted values that so many in a hundred do not exceed (nearest rank). */
  static double percentile(double[] sorted, int percent) {
    return sorted[Math.max(0, (sorted.length * percent + 99) / 100 - 1)];
  }

  static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int half = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
  }

  /**
   * A row's numbers, in its unit.
   *
   * @param ratio of the median to the first row's; not a number where its unit is another one
   * @param p99 what 99 in a hundred do not exceed
   */
  record Result(
      String row, double median, double ratio, double least, double p99, double greatest) {
    /** Of a row that was not measured. */
    static Result missing(String row) {
      return new Result(row, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
    }
  }
}
