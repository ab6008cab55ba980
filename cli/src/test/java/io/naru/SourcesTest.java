package io.naru;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Rules that only the source files show. */
class SourcesTest {
  /** A file has one subject, which rarely needs more than 300 lines; this is the end of rarely. */
  private static final int MOST_LINES = 330;

  private static List<Path> sources() throws IOException {
    try (Stream<Path> files = Files.list(Documents.root())) {
      List<Path> found = new ArrayList<>();
      for (Path room : files.filter(room -> Files.isDirectory(room.resolve("src"))).toList()) {
        try (Stream<Path> below = Files.walk(room.resolve("src"))) {
          below.filter(file -> file.toString().endsWith(".java")).forEach(found::add);
        }
      }
      return found;
    }
  }

  @Test
  void noFileIsMuchOverThreeHundredLines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    for (Path file : sources()) {
      int lines = Files.readAllLines(file).size();
      if (lines > MOST_LINES) {
        tooLong.add(Documents.root().relativize(file) + ": " + lines);
      }
    }
    assertThat(sources()).hasSizeGreaterThan(300);
    assertThat(tooLong).isEmpty();
  }

  @Test
  void everyPackageSaysWhatItIs() throws IOException {
    List<Path> silent = new ArrayList<>();
    for (Path file : sources()) {
      Path notes = file.resolveSibling("package-info.java");
      if (file.toString().contains("/src/main/")
          && (!Files.exists(notes) || !Files.readString(notes).startsWith("/**"))) {
        silent.add(Documents.root().relativize(file));
      }
    }
    assertThat(silent).isEmpty();
  }
}
