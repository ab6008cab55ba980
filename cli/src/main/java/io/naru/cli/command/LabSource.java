package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** {@code --name X}: which lab. */
final class LabSource {
  @Option(
      names = {"--name", "--lab"},
      paramLabel = "NAME",
      description = "the lab's name (default: the only standing lab)")
  @Nullable String name;

  Lab lab() {
    if (name != null) {
      return named(name);
    }
    List<Lab> labs = Lab.list();
    if (labs.size() == 1) {
      return labs.getFirst();
    }
    throw new NaruException(
        ErrorCode.NOT_FOUND,
        labs.isEmpty()
            ? "no lab stands; make one with: naru lab up"
            : "several labs stand; choose with --name: " + names(labs));
  }

  static Lab named(String name) {
    return Lab.find(name)
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    "there is no lab '" + name + "'; standing: " + names(Lab.list())));
  }

  private static String names(List<Lab> labs) {
    return labs.isEmpty() ? "none" : labs.stream().map(Lab::name).collect(Collectors.joining(", "));
  }
}
