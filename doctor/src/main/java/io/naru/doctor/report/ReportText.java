package io.naru.doctor.report;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.core.text.Printable;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A report for people: the fact first, the walk, then why, what was ruled out, what was not looked
 * at, and what to do. At most {@link #WIDTH} columns, but for commands, which must stay in one
 * piece to be copied.
 */
public final class ReportText {
  /** Columns of a line. */
  public static final int WIDTH = 100;

  private static final int MOST_PAIRS = 8;
  static final String RED = "31";
  static final String GREEN = "32";
  static final String YELLOW = "33";
  static final String BOLD = "1";

  private final boolean coloured;
  private final List<String> lines = new ArrayList<>();

  private ReportText(boolean coloured) {
    this.coloured = coloured;
  }

  /**
   * The lines of a report.
   *
   * @param coloured whether they go to a terminal
   */
  public static List<String> lines(DoctorReport report, boolean coloured) {
    ReportText text = new ReportText(coloured);
    report
        .service()
        .ifPresent(
            service -> {
              text.lines.addAll(ServiceWalkText.lines(service, text::colour));
              text.lines.add("");
            });
    for (Verdict verdict : report.verdicts()) {
      text.verdict(verdict);
      text.lines.add("");
    }
    text.end(report);
    return List.copyOf(text.lines);
  }

  private void end(DoctorReport report) {
    String examined = String.join(", ", report.examined()) + " examined.";
    if (!report.verdicts().isEmpty()) {
      add("", examined + " More about a code: naru explain CODE");
    } else if (report.healthy()) {
      List<String> well = Wrapped.lines("  ", "All is well: " + examined, WIDTH);
      lines.add(colour(GREEN, "✓") + well.getFirst().substring(1));
      lines.addAll(well.subList(1, well.size()));
    } else {
      add("", "Nothing could be said: " + examined);
    }
    report.notExamined().forEach(sentence -> add("not examined: ", sentence));
  }

  private void verdict(Verdict verdict) {
    String mark = verdict.state() == PathState.BROKEN ? colour(RED, "✗") : colour(YELLOW, "!");
    List<String> title = Wrapped.lines("  ", verdict.title(), WIDTH);
    for (int i = 0; i < title.size(); i++) {
      lines.add((i == 0 ? mark + " " : "  ") + colour(BOLD, title.get(i).substring(2)));
    }
    lines.add(
        "  "
            + Printable.line(verdict.code())
            + ", "
            + verdict.state()
            + ", "
            + verdict.certainty());
    if (verdict.lastSeen().isPresent() || verdict.notSeen().isPresent()) {
      lines.add(
          "  walk         "
              + verdict
                  .lastSeen()
                  .map(tap -> colour(GREEN, "✓") + " " + Printable.line(tap))
                  .orElse("")
              + verdict
                  .notSeen()
                  .map(tap -> "   " + colour(RED, "✗") + " " + Printable.line(tap))
                  .orElse(""));
    }
    if (verdict.pairs().size() > 1) {
      add("  paths        ", pairs(verdict.pairs()));
    }
    verdict.evidence().forEach(sentence -> add("  seen         ", sentence));
    verdict.ruledOut().forEach(sentence -> add("  ruled out    ", sentence));
    verdict.notChecked().forEach(sentence -> add("  not checked  ", sentence));
    for (Remedy remedy : verdict.remedy()) {
      add(remedy.safe() ? "  help (safe)  " : "  help         ", remedy.text());
      if (!remedy.command().isEmpty()) {
        lines.add("                 " + Printable.line(remedy.command()));
      }
    }
  }

  private static String pairs(List<NodePair> pairs) {
    String first =
        pairs.stream().limit(MOST_PAIRS).map(NodePair::toString).collect(Collectors.joining(", "));
    return pairs.size() > MOST_PAIRS
        ? first + " and " + (pairs.size() - MOST_PAIRS) + " more"
        : first;
  }

  private void add(String label, String text) {
    lines.addAll(Wrapped.lines(label, text, WIDTH));
  }

  private String colour(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
