package io.naru.bench;

import io.naru.bench.Rounds.Result;
import io.naru.channel.frame.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a suite found, and under which conditions.
 *
 * @param cores the processors that the JVM may use
 * @param tail whether the 99th percentile is shown
 */
record Report(
    String suite,
    String unit,
    int rounds,
    int cores,
    String kernel,
    String jdk,
    boolean tail,
    List<Result> rows,
    List<Goal.Outcome> goals,
    List<String> remarks) {
  static Report of(Suite suite, int rounds, List<Result> rows) {
    return new Report(
        suite.name(),
        suite.unit(),
        rounds,
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.version") + " " + System.getProperty("os.arch"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        suite.together().isPresent(),
        rows,
        goals(suite, rows),
        suite.remarks());
  }

  private static List<Goal.Outcome> goals(Suite suite, List<Result> results) {
    Map<String, Result> found =
        results.stream().collect(Collectors.toMap(Result::row, result -> result));
    List<Goal.Outcome> outcomes = new ArrayList<>();
    for (Row row : suite.rows()) {
      Result own = found.getOrDefault(row.name(), Result.missing(row.name()));
      row.goal()
          .ifPresent(
              goal ->
                  outcomes.add(
                      goal.of(
                          own,
                          goal.against().map(found::get).map(Result::median).orElse(Double.NaN),
                          row.unit().orElse(suite.unit()))));
    }
    return List.copyOf(outcomes);
  }

  String json() {
    return Json.write(this);
  }

  /** Markdown, so that it can be pasted into a document. */
  List<String> table() {
    List<String> lines = new ArrayList<>();
    lines.add("%s: %d rounds, %d cores, Linux %s, %s".formatted(suite, rounds, cores, kernel, jdk));
    lines.add("");
    int width = rows.stream().mapToInt(row -> row.row().length()).max().orElse(0);
    lines.add(line(width, suite, "median " + unit, "ratio", "least", "p99", "greatest"));
    lines.add(line(width, "", "", "", "", "", "").replace(' ', '-'));
    for (Result row : rows) {
      lines.add(
          line(
              width,
              row.row(),
              number(row.median()),
              ratio(row.ratio()),
              number(row.least()),
              number(row.p99()),
              number(row.greatest())));
    }
    if (!goals.isEmpty()) {
      lines.add("");
      goals.forEach(goal -> lines.add("- " + goal.sentence()));
    }
    if (!remarks.isEmpty()) {
      lines.add("");
      remarks.forEach(remark -> lines.add("- " + remark));
    }
    return lines;
  }

  private String line(
      int width,
      String row,
      String median,
      String ratio,
      String least,
      String p99,
      String greatest) {
    String cells = ("| %-" + width + "s | %9s | %5s | %5s |").formatted(row, median, ratio, least);
    return cells + (tail ? " %8s |".formatted(p99) : "") + " %8s |".formatted(greatest);
  }

  /** Nothing where there is none to tell. */
  private static String ratio(double value) {
    return Double.isNaN(value) ? "" : String.format(Locale.ROOT, "%.2f", value);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 100 ? "%.1f" : "%.0f", value);
  }
}
