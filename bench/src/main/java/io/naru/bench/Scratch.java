package io.naru.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;

/** A directory of a measurement's own, in memory, which goes away with it. */
record Scratch(Path directory) {
  static Scratch make(String name) {
    try {
      Scratch made = new Scratch(Files.createTempDirectory(Path.of("/run"), "bench-" + name));
      LeftOvers.note(made::remove);
      return made;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Writes a file, and says where. */
  String file(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void remove() {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
