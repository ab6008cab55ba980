package io.naru.doctor.report;

import io.naru.core.text.Printable;
import java.util.ArrayList;
import java.util.List;

/** Text cut into lines. */
final class Wrapped {
  private Wrapped() {}

  /**
   * Lines of at most so many columns, cut between words; a word that fills more than a line is cut
   * itself.
   *
   * @param first what the first line begins with; the others begin with as many spaces
   * @param width in columns, more than {@code first} has
   */
  static List<String> lines(String first, String text, int width) {
    String indent = " ".repeat(first.length());
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder(first);
    boolean empty = true;
    for (String word : Printable.line(text).split(" ", -1)) {
      String rest = word;
      if (!empty && line.length() + 1 + rest.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder(indent);
        empty = true;
      }
      while (line.length() + (empty ? 0 : 1) + rest.length() > width) {
        int room = width - line.length();
        lines.add(line + rest.substring(0, room));
        rest = rest.substring(room);
        line = new StringBuilder(indent);
      }
      line.append(empty ? "" : " ").append(rest);
      empty = false;
    }
    lines.add(line.toString());
    return lines;
  }
}
