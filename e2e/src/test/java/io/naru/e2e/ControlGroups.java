package io.naru.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The control groups that container runtimes make beneath one of a test's own. */
final class ControlGroups {
  private static final Path ROOT = Path.of("/sys/fs/cgroup");

  private ControlGroups() {}

  /** All groups of that name and beneath, children first, in every hierarchy. */
  static List<Path> named(String name) {
    try (Stream<Path> top = Files.walk(ROOT, 2)) {
      return top.filter(path -> path.getFileName().toString().equals(name))
          .flatMap(ControlGroups::beneath)
          .toList();
    } catch (IOException | UncheckedIOException goneMeanwhile) {
      return List.of();
    }
  }

  private static Stream<Path> beneath(Path group) {
    try (Stream<Path> all = Files.walk(group)) {
      return all.filter(Files::isDirectory).toList().reversed().stream();
    } catch (IOException | UncheckedIOException goneMeanwhile) {
      return Stream.empty();
    }
  }

  /** Removes them; their processes may still be ending. */
  static void remove(String name) {
    if (named(name).isEmpty()) {
      return;
    }
    TestLab.within(TestLab.LONGEST)
        .until(
            () -> {
              named(name).forEach(ControlGroups::tryToRemove);
              return named(name).isEmpty();
            });
  }

  private static void tryToRemove(Path group) {
    try {
      Files.deleteIfExists(group);
    } catch (IOException busy) {
      // Tried again.
    }
  }
}
