package io.naru.cli.output;

import java.util.ArrayList;
import java.util.List;

/**
 * A table of text, columns aligned. Where it would be wider than the limit, the last column's text
 * goes on below, indented, so that nothing is cut.
 */
public final class Table {
  /** Tables fit this many columns of a terminal. */
  public static final int WIDTH = 120;

  private static final String GAP = "  ";

  private final List<String> header;
  private final List<List<String>> rows = new ArrayList<>();

  public Table(String... header) {
    this.header = List.of(header);
  }

  /** Adds a row with a cell for each column; an empty cell is shown as a dash. */
  public Table row(String... cells) {
    if (cells.length != header.size()) {
      throw new IllegalArgumentException("a row has a cell for each column");
    }
    rows.add(List.of(cells));
    return this;
  }

  /** The lines of the table, each at most {@code width} wide where words allow it. */
  public List<String> lines(int width) {
    int columns = header.size();
    int[] widths = new int[columns];
    for (List<String> row : all()) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], shown(row.get(i)).length());
      }
    }
    int before = 0;
    for (int i = 0; i < columns - 1; i++) {
      before += widths[i] + GAP.length();
    }
    int last = Math.max(width - before, 20);
    List<String> lines = new ArrayList<>();
    for (List<String> row : all()) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < columns - 1; i++) {
        line.append(padded(shown(row.get(i)), widths[i])).append(GAP);
      }
      for (String part : wrapped(shown(row.getLast()), last)) {
        lines.add((line + part).stripTrailing());
        line = new StringBuilder(" ".repeat(before));
      }
    }
    return List.copyOf(lines);
  }

  private List<List<String>> all() {
    List<List<String>> all = new ArrayList<>();
    all.add(header);
    all.addAll(rows);
    return all;
  }

  private static String shown(String cell) {
    return cell.isEmpty() ? "-" : cell;
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }

  private static List<String> wrapped(String text, int width) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int space = rest.lastIndexOf(' ', width);
      int end = space <= 0 ? width : space;
      parts.add(rest.substring(0, end));
      rest = rest.substring(end).stripLeading();
    }
    parts.add(rest);
    return parts;
  }
}
