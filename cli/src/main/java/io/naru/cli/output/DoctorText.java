package io.naru.cli.output;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A report for people: the fact first, the walk, then why, what was ruled out, what was not looked
 * at, and what to do. At most 100 columns, but for commands, which must stay in one piece.
 *
 * @param coloured whether it goes to a terminal
 */
public record DoctorText(boolean coloured) {
  private static final int WIDTH = 100;
  private static final int MOST_PAIRS = 8;
  private static final String RED = "31";
  private static final String GREEN = "32";
  private static final String YELLOW = "33";
  private static final String BOLD = "1";

  /** Where the format is none for people. */
  public static Table none() {
    return new Table("");
  }

  /** The report's lines. */
  public List<String> lines(DoctorReport report) {
    List<String> lines = new ArrayList<>();
    String examined = String.join(", ", report.examined());
    if (report.verdicts().isEmpty()) {
      lines.add(
          report.healthy()
              ? colour(GREEN, "✓") + " All is well: " + examined + " examined."
              : "Nothing could be said: " + examined + " examined.");
    }
    for (Verdict verdict : report.verdicts()) {
      verdict(verdict, lines);
      lines.add("");
    }
    if (!report.verdicts().isEmpty()) {
      lines.add(examined + " examined. More about a code: naru explain CODE");
    }
    report.notExamined().forEach(sentence -> wrapped("not examined: ", sentence, lines));
    return List.copyOf(lines);
  }

  private void verdict(Verdict verdict, List<String> lines) {
    String mark = verdict.state() == PathState.BROKEN ? colour(RED, "✗") : colour(YELLOW, "!");
    List<String> title = new ArrayList<>();
    wrapped("  ", verdict.title(), title);
    title.replaceAll(line -> line.substring(2));
    lines.add(mark + " " + colour(BOLD, title.getFirst()));
    title.stream().skip(1).forEach(line -> lines.add("  " + colour(BOLD, line)));
    lines.add("  " + verdict.code() + ", " + verdict.state() + ", " + verdict.certainty());
    if (verdict.lastSeen().isPresent() || verdict.notSeen().isPresent()) {
      lines.add(
          "  walk         "
              + verdict.lastSeen().map(tap -> colour(GREEN, "✓") + " " + tap).orElse("")
              + verdict.notSeen().map(tap -> "   " + colour(RED, "✗") + " " + tap).orElse(""));
    }
    if (verdict.pairs().size() > 1) {
      wrapped("  paths        ", pairs(verdict.pairs()), lines);
    }
    verdict.evidence().forEach(sentence -> wrapped("  seen         ", sentence, lines));
    verdict.ruledOut().forEach(sentence -> wrapped("  ruled out    ", sentence, lines));
    verdict.notChecked().forEach(sentence -> wrapped("  not checked  ", sentence, lines));
    for (Remedy remedy : verdict.remedy()) {
      wrapped(remedy.safe() ? "  help (safe)  " : "  help         ", remedy.text(), lines);
      if (!remedy.command().isEmpty()) {
        lines.add("                 " + remedy.command());
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

  /** The text after its label; what does not fit goes on below, indented. */
  private static void wrapped(String label, String text, List<String> lines) {
    StringBuilder line = new StringBuilder(label);
    String indent = " ".repeat(label.length());
    boolean empty = true;
    for (String word : text.split(" ", -1)) {
      if (!empty && line.length() + 1 + word.length() > WIDTH) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      line.append(empty ? "" : " ").append(word);
      empty = false;
    }
    lines.add(line.toString());
  }

  private String colour(String code, String text) {
    return coloured ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
  }
}
