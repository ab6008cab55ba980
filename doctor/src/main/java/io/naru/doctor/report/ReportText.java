package io.naru.doctor.report;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A report as people read it, in at most 100 columns; only a command to copy may be longer. */
public final class ReportText {
  /** Columns of a line. */
  public static final int WIDTH = 100;

  private static final String BOLD = "\u001b[1m";
  private static final String RED = "\u001b[31m";
  private static final String GREEN = "\u001b[32m";
  private static final String PLAIN = "\u001b[0m";

  private final boolean colour;
  private final List<String> lines = new ArrayList<>();

  private ReportText(boolean colour) {
    this.colour = colour;
  }

  /**
   * The lines of a report.
   *
   * @param colour whether to mark the headline and the taps with a terminal's colours
   */
  public static List<String> lines(DoctorReport report, boolean colour) {
    ReportText text = new ReportText(colour);
    for (Verdict verdict : report.verdicts()) {
      if (!text.lines.isEmpty()) {
        text.lines.add("");
      }
      text.verdict(verdict);
    }
    text.end(report);
    return List.copyOf(text.lines);
  }

  private void verdict(Verdict verdict) {
    List<String> head = Wrapped.lines("✗ ", verdict.title(), WIDTH);
    head.forEach(line -> lines.add(marked(line, BOLD + RED)));
    add(
        "  ",
        verdict.code()
            + ", "
            + verdict.state()
            + ", "
            + verdict.certainty()
            + (verdict.certainty() == Certainty.INFERRED ? " (not seen to happen)" : "")
            + ": "
            + verdict.pairs().stream().map(NodePair::toString).collect(Collectors.joining(", ")));
    walk(verdict);
    section("seen", verdict.evidence());
    section("ruled out", verdict.ruledOut());
    section("not checked", verdict.notChecked());
    help(verdict.remedy());
  }

  /** The taps that are known, with ✓ where the packets were seen and ✗ where they were not. */
  private void walk(Verdict verdict) {
    if (verdict.lastSeen().isEmpty() && verdict.notSeen().isEmpty()) {
      return;
    }
    lines.add("");
    verdict.lastSeen().ifPresent(tap -> lines.add("    " + marked("✓ " + tap, GREEN)));
    verdict
        .notSeen()
        .ifPresent(
            tap ->
                lines.add(
                    "    "
                        + marked("✗ " + tap, RED)
                        + (verdict.state() == PathState.DEGRADED ? "  (not all of them)" : "")));
  }

  private void section(String title, List<String> sentences) {
    if (sentences.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("  " + marked(title, BOLD));
    sentences.forEach(sentence -> add("    - ", sentence));
  }

  private void help(List<Remedy> remedies) {
    if (remedies.isEmpty()) {
      return;
    }
    lines.add("");
    lines.add("  " + marked("help", BOLD));
    for (Remedy remedy : remedies) {
      add("    - ", remedy.text() + (remedy.safe() ? " (safe to apply)" : ""));
      if (!remedy.command().isEmpty()) {
        lines.add("        " + remedy.command()); // whole, so that it can be copied
      }
    }
  }

  private void end(DoctorReport report) {
    if (report.verdicts().isEmpty()) {
      lines.add(
          report.healthy()
              ? marked("✓ All that was examined is well.", GREEN)
              : "Nothing could be examined.");
    }
    section("examined, and well", report.examined());
    section("not examined", report.notExamined());
  }

  private void add(String first, String text) {
    lines.addAll(Wrapped.lines(first, text, WIDTH));
  }

  private String marked(String text, String how) {
    return colour ? how + text + PLAIN : text;
  }
}
