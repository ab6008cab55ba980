package io.naru.cli.command;

import io.naru.api.PathRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Both ends of a path judge it. Where several agents are asked, one row is shown for each path: the
 * sending end's, unless that end knows nothing and the other one does; with the place of the loss
 * from whichever end can name it.
 */
public final class PathMerge {
  private record Key(String from, String to, String transport) {}

  private PathMerge() {}

  /** One row for each path, in order. */
  public static List<PathRow> merged(List<PathRow> rows) {
    Map<Key, PathRow> best = new LinkedHashMap<>();
    for (PathRow row : rows) {
      best.merge(new Key(row.from(), row.to(), row.transport()), row, PathMerge::better);
    }
    List<PathRow> merged = new ArrayList<>(best.values());
    merged.sort(
        Comparator.comparing(PathRow::from)
            .thenComparing(PathRow::to)
            .thenComparing(PathRow::transport));
    return List.copyOf(merged);
  }

  private static PathRow better(PathRow first, PathRow second) {
    return first.observer().equals(first.from()) ? chosen(first, second) : chosen(second, first);
  }

  private static PathRow chosen(PathRow sender, PathRow receiver) {
    if (sender.state().equals("unknown")) {
      return receiver;
    }
    boolean placed = sender.notSeen().isPresent() || receiver.notSeen().isEmpty();
    return placed || !sender.state().equals(receiver.state()) ? sender : receiver;
  }
}
