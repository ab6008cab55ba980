package io.naru.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A program with its arguments. */
record Command(List<String> words) {
  /** Characters of a program's complaint. */
  private static final int LONGEST = 1000;

  Command {
    words = List.copyOf(words);
  }

  static Command of(String... words) {
    return new Command(List.of(words));
  }

  /** The same with more words. */
  Command and(String... more) {
    List<String> all = new ArrayList<>(words);
    all.addAll(List.of(more));
    return new Command(all);
  }

  /** The same in a named network namespace, with this process's file systems. */
  Command in(String namespace) {
    List<String> inside = new ArrayList<>(List.of("nsenter", "--net=/run/netns/" + namespace));
    inside.add("--");
    inside.addAll(words);
    return new Command(inside);
  }

  /** What it prints; a failure is thrown with what it said. */
  String run() {
    return run("");
  }

  /** The same with that text as standard input. */
  String run(String input) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException readsNothing) {
        // Its exit code tells.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int code = process.waitFor();
      if (code != 0) {
        throw new IllegalStateException(
            "'%s' ended with exit code %d: %s"
                .formatted(String.join(" ", words), code, beginning(output.strip())));
      }
      return output;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", stopped);
    }
  }

  private static String beginning(String text) {
    return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
  }

  /** Starts it in the background, until the measurement is over. */
  void startUntilTheEnd() {
    try {
      Process process =
          new ProcessBuilder(words)
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      LeftOvers.note(process::destroyForcibly);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
