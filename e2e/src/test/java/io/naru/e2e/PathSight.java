package io.naru.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** One row of {@code naru path list -o json}. */
record PathSight(
    String from,
    String to,
    String transport,
    String state,
    String lastSeen,
    String notSeen,
    String reason) {
  static List<PathSight> all(JsonNode list) {
    List<PathSight> rows = new ArrayList<>();
    for (JsonNode row : list) {
      rows.add(
          new PathSight(
              text(row, "from"),
              text(row, "to"),
              text(row, "transport"),
              text(row, "state"),
              text(row, "lastSeen"),
              text(row, "notSeen"),
              text(row, "reason")));
    }
    return List.copyOf(rows);
  }

  private static String text(JsonNode row, String field) {
    JsonNode value = row.path(field);
    return value.isNull() || value.isMissingNode() ? "" : value.asString();
  }

  String direction() {
    return from + ">" + to;
  }

  static List<PathSight> where(List<PathSight> rows, Predicate<PathSight> wanted) {
    return rows.stream().filter(wanted).toList();
  }
}
