package io.naru.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A table of text, columns aligned. Where it would be wider than the limit, cells go on below in
 * their column, the last one's first, so that nothing is cut.
 */
public final class Table {
  /** Tables fit this many columns of a terminal. */
  public static final int WIDTH = 120;

  private static final String GAP = "  ";

  /** So much of the last column is kept beside the others where that is possible. */
  private static final int LEAST_OF_LAST = 20;

  /** A word that is too long is cut after one of these. */
  private static final String BREAKS = "-.:/,";

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

  /** The lines of the table, each at most {@code width} wide. */
  public List<String> lines(int width) {
    int[] widths = fitting(width);
    List<String> lines = new ArrayList<>();
    for (List<String> row : all()) {
      List<List<String>> cells = new ArrayList<>();
      for (int i = 0; i < widths.length; i++) {
        cells.add(wrapped(shown(row.get(i)), widths[i]));
      }
      int height = cells.stream().mapToInt(List::size).max().orElse(0);
      for (int part = 0; part < height; part++) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
          String text = part < cells.get(i).size() ? cells.get(i).get(part) : "";
          line.append(padded(text, widths[i])).append(GAP);
        }
        lines.add(line.toString().stripTrailing());
      }
    }
    return List.copyOf(lines);
  }

  /** The columns' widths: what their cells need, but no more than the limit has room for. */
  private int[] fitting(int limit) {
    int columns = header.size();
    int[] widths = new int[columns];
    for (List<String> row : all()) {
      for (int i = 0; i < columns; i++) {
        widths[i] = Math.max(widths[i], shown(row.get(i)).length());
      }
    }
    int room = Math.max(limit - GAP.length() * (columns - 1), columns);
    int[] others = Arrays.copyOf(widths, columns - 1);
    cap(others, room - Math.min(widths[columns - 1], Math.min(LEAST_OF_LAST, room / columns)));
    int rest = room - IntStream.of(others).sum();
    System.arraycopy(others, 0, widths, 0, others.length);
    widths[columns - 1] = Math.min(widths[columns - 1], rest);
    return widths;
  }

  /** Takes from the widest until the sum fits; what is narrow stays whole. */
  private static void cap(int[] widths, int room) {
    int excess = IntStream.of(widths).sum() - room;
    for (; excess > 0; excess--) {
      int widest = 0;
      for (int i = 1; i < widths.length; i++) {
        widest = widths[i] > widths[widest] ? i : widest;
      }
      widths[widest]--;
    }
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

  /** The text in parts of at most so many characters: cut at spaces, else after punctuation. */
  static List<String> wrapped(String text, int width) {
    List<String> parts = new ArrayList<>();
    String rest = text;
    while (rest.length() > width) {
      int end = end(rest, width);
      parts.add(rest.substring(0, end).stripTrailing());
      rest = rest.substring(end).stripLeading();
    }
    parts.add(rest);
    return parts;
  }

  private static int end(String text, int width) {
    int space = text.lastIndexOf(' ', width);
    if (space > 0) {
      return space;
    }
    for (int end = width; end > width / 2; end--) {
      if (BREAKS.indexOf(text.charAt(end - 1)) >= 0) {
        return end;
      }
    }
    return width;
  }
}
