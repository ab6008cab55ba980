package io.naru.e2e;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A program to run to its end.
 *
 * @param words the program and its arguments
 * @param environment what is added to this process's own
 */
record Command(List<String> words, Map<String, String> environment) {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final int LONGEST_SECONDS = 90;

  static Command of(List<String> words) {
    return new Command(words, Map.of());
  }

  static Command of(String... words) {
    return of(List.of(words));
  }

  /**
   * How a program ended.
   *
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  record Result(List<String> words, int exitCode, String out, String err) {
    JsonNode json() {
      return JSON.readTree(out);
    }

    boolean succeeded() {
      return exitCode == 0;
    }

    String told() {
      return "%s ended with %d%n%s%n%s".formatted(String.join(" ", words), exitCode, out, err);
    }
  }

  /** Runs it; any exit code is an answer. */
  Result tryRun(String input) {
    Path out = temporary();
    Path err = temporary();
    try {
      ProcessBuilder builder =
          new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(err.toFile());
      builder.environment().putAll(environment);
      Process process = builder.start();
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException notRead) {
        // It ended without reading its input.
      }
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
        throw new AssertionError(
            "after %d s still runs: %s%n%s%s"
                .formatted(
                    LONGEST_SECONDS,
                    String.join(" ", words),
                    Files.readString(out),
                    Files.readString(err)));
      }
      return new Result(words, process.exitValue(), Files.readString(out), Files.readString(err));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      throw new AssertionError("interrupted while it ran: " + String.join(" ", words), end);
    } finally {
      delete(out);
      delete(err);
    }
  }

  Result tryRun() {
    return tryRun("");
  }

  /** Runs it and returns what it printed; fails unless it succeeds. */
  Result run(String input) {
    Result result = tryRun(input);
    if (!result.succeeded()) {
      throw new AssertionError(result.told());
    }
    return result;
  }

  Result run() {
    return run("");
  }

  private static Path temporary() {
    try {
      return Files.createTempFile("naru-e2e", ".txt");
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static void delete(Path file) {
    try {
      Files.deleteIfExists(file);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
