package io.naru.cli.command;

import io.naru.api.ServiceRow;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceName;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which service a word means. */
final class ServiceOption {
  private static final int MOST_NAMES = 20;

  private ServiceOption() {}

  /**
   * The frontends of the service; of a name alone, that of the namespace {@code default} or else
   * the only one of that name.
   *
   * @param rows those of all services
   */
  static List<ServiceRow> named(String word, List<ServiceRow> rows) {
    ServiceName wanted = ServiceName.parse(word);
    List<ServiceRow> found = of(rows, wanted.toString());
    if (!found.isEmpty()) {
      return found;
    }
    TreeSet<String> all =
        rows.stream().map(ServiceRow::name).collect(Collectors.toCollection(TreeSet::new));
    List<String> elsewhere =
        word.contains("/")
            ? List.of()
            : all.stream().filter(name -> ServiceName.parse(name).name().equals(word)).toList();
    if (elsewhere.size() == 1) {
      return of(rows, elsewhere.getFirst());
    }
    throw elsewhere.isEmpty()
        ? new NaruException(
            ErrorCode.NOT_FOUND,
            "no service is named '"
                + word
                + (all.isEmpty()
                    ? "'; there are none yet: naru service add makes one"
                    : "'; there are " + some(List.copyOf(all))))
        : new NaruException(
            ErrorCode.BAD_INPUT,
            "several services are named '" + word + "'; choose one: " + some(elsewhere));
  }

  private static List<ServiceRow> of(List<ServiceRow> rows, String name) {
    return rows.stream().filter(row -> row.name().equals(name)).toList();
  }

  private static String some(List<String> names) {
    return names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "))
        + (names.size() > MOST_NAMES ? " and " + (names.size() - MOST_NAMES) + " more" : "");
  }
}
