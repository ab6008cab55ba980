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
    Ended ended = end(input);
    if (ended.code() != 0) {
      throw new IllegalStateException(
          "'%s' ended with exit code %d: %s"
              .formatted(String.join(" ", words), ended.code(), beginning(ended.output().strip())));
    }
    return ended.output();
  }

  /** How a program ended, and what it printed. */
  record Ended(int code, String output) {}

  /** The same, whatever its exit code is. */
  Ended end(String input) {
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException readsNothing) {
        // Its exit code tells.
      }
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new Ended(process.waitFor(), output);
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
    Process process = start();
    LeftOvers.note(process::destroyForcibly);
  }

  /** Starts it in the background; what it prints is lost. */
  Process start() {
    try {
      return new ProcessBuilder(words)
          .redirectOutput(Redirect.DISCARD)
          .redirectError(Redirect.DISCARD)
          .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
