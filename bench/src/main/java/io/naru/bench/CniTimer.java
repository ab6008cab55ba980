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
 * A small C program that calls CNI plugins and takes the time: starting one from here costs more.
 */
record CniTimer(Path directory) {
  private static final String SOURCE = "cni-timer.c";

  /** Compiles it, into a directory that goes away with the measurement. */
  static CniTimer compile() {
    try (InputStream source = CniTimer.class.getResourceAsStream(SOURCE)) {
      if (source == null) {
        throw new IllegalStateException("the jar has no " + SOURCE);
      }
      Path directory = Files.createTempDirectory(Path.of("/run"), "bench-cni");
      LeftOvers.note(() -> remove(directory));
      CniTimer timer = new CniTimer(directory);
      Files.copy(source, directory.resolve(SOURCE), StandardCopyOption.REPLACE_EXISTING);
      Command.of("gcc", "-O2", "-o", timer.program(), directory.resolve(SOURCE).toString()).run();
      return timer;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  String program() {
    return directory.resolve("cni-timer").toString();
  }

  /** Writes a network's configuration, and says where. */
  String configuration(String name, String text) {
    try {
      return Files.writeString(directory.resolve(name), text).toString();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  /** Median milliseconds of one CNI command in what the program printed. */
  static double median(String printed, String command) {
    String begin = command + " ";
    return Rounds.median(
        printed
            .lines()
            .filter(line -> line.startsWith(begin))
            .mapToDouble(line -> Double.parseDouble(line.substring(begin.length())) / 1e6)
            .toArray());
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
