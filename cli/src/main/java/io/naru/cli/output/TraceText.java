package io.naru.cli.output;

import io.naru.core.trace.TraceReport;
import io.naru.core.trace.TraceReport.Difference;
import io.naru.core.trace.TraceReport.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A trace for people: what became of the probes, then the walk there and back. At most 100 columns.
 *
 * @param coloured whether it goes to a terminal
 */
public record TraceText(boolean coloured) {
  private static final int WIDTH = 100;
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String BOLD = "1";

  /** The report's lines. */
  public List<String> lines(TraceReport report) {
    List<String> lines = new ArrayList<>();
    String mark =
        switch (report.exitCode()) {
          case 0 -> colour(GREEN, "✓");
          case 2 -> colour(YELLOW, "!");
          default -> colour(RED, "✗");
        };
    List<String> title =
        wrapped("  ", report.sentence()).stream().map(line -> line.substring(2)).toList();
    lines.add(mark + " " + colour(BOLD, title.getFirst()));
    title.stream().skip(1).forEach(line -> lines.add("  " + colour(BOLD, line)));
    lines.add("");
    int tap =
        Stream.concat(report.requests().stream(), report.replies().stream())
            .mapToInt(step -> step.tap().length())
            .max()
            .orElse(0);
    if (report.sent() > 0) {
      String ends = report.source() + " → " + report.destination();
      walk("→", ends, report.requests(), report, tap, lines);
    }
    if (!report.replies().isEmpty()) {
      walk("←", "reply", report.replies(), report, tap, lines);
    }
    lines.add("");
    report
        .errors()
        .forEach(
            error ->
                lines.addAll(
                    wrapped(
                        "  refused      ",
                        error.from() + ": " + error.says() + ", heard at " + error.tap())));
    report
        .drops()
        .forEach(
            drop ->
                lines.addAll(
                    wrapped(
                        "  rule         ",
                        drop.node()
                            + ": "
                            + drop.chain()
                            + ": "
                            + drop.rule()
                            + drop.handle().map(handle -> " # handle " + handle).orElse(""))));
    report.notWatched().forEach(note -> lines.addAll(wrapped("  not watched  ", note)));
    if (!report.oneClock()) {
      lines.addAll(
          wrapped(
              "  time         ",
              "each node counts from its own first sight: their clocks are not comparable"));
    }
    while (lines.getLast().isEmpty()) {
      lines.removeLast();
    }
    return List.copyOf(lines);
  }

  private void walk(
      String arrow,
      String head,
      List<Step> steps,
      TraceReport report,
      int tap,
      List<String> lines) {
    int width = Math.max(tap, 12);
    lines.add(
        ("  %s %-" + width + "s  %5s  %7s  %5s").formatted(arrow, "", "seen", "µs", "bytes")
            + "  "
            + head);
    boolean lost = false;
    for (Step step : steps) {
      String mark =
          !step.watched()
              ? "?"
              : step.seen() == 0
                  ? lost ? " " : colour(RED, "✗")
                  : step.seen() < report.sent() ? colour(YELLOW, "!") : colour(GREEN, "✓");
      lost = step.watched() && step.seen() == 0;
      String start =
          ("%-" + width + "s  %5s  %7s  %5s  ")
              .formatted(
                  step.tap(),
                  step.watched() ? step.seen() + "/" + report.sent() : "–",
                  step.microseconds().map(String::valueOf).orElse(""),
                  step.bytes().map(String::valueOf).orElse(""));
      String changes =
          String.join(
              "; ",
              step.changes().stream()
                  .filter(change -> !change.kind().equals("size"))
                  .map(Difference::text)
                  .toList());
      List<String> wrapped = wrapped(" ".repeat(4) + start, changes);
      lines.add("  " + mark + " " + wrapped.getFirst().substring(4).stripTrailing());
      wrapped.stream().skip(1).forEach(lines::add);
    }
  }

  /** The text after its label; what does not fit goes on below, indented. */
  private static List<String> wrapped(String label, String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(label);
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(" ".repeat(label.length()));
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
    return lines;
  }

  private String colour(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
