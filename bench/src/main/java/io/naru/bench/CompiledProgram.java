package io.naru.bench;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.stream.Stream;

/**
 * A small C program that takes the time of something, where starting or calling it from here would
 * cost more than the thing itself.
 *
 * @param directory its own, which goes away with the measurement
 */
record CompiledProgram(String name, Path directory) {
  /** Compiles NAME.c of this jar. */
  static CompiledProgram compile(String name) {
    String file = name + ".c";
    try (InputStream source = CompiledProgram.class.getResourceAsStream(file)) {
      if (source == null) {
        throw new IllegalStateException("the jar has no " + file);
      }
      Path directory = Files.createTempDirectory(Path.of("/run"), "bench-" + name);
      LeftOvers.note(() -> remove(directory));
      CompiledProgram program = new CompiledProgram(name, directory);
      Files.copy(source, directory.resolve(file), StandardCopyOption.REPLACE_EXISTING);
      Command.of("gcc", "-O2", "-o", program.path(), directory.resolve(file).toString()).run();
      return program;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String path() {
    return directory.resolve(name).toString();
  }

  /** Writes a file beside it, and says where. */
  String file(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void remove(Path directory) {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
