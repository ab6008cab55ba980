package io.naru.lab.process;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A program with its arguments, which no shell ever reads.
 *
 * @param command the program and its arguments
 * @param environment variables beside those of this process
 */
public record Program(List<String> command, Map<String, String> environment) {
  private static final Duration LONGEST = Duration.ofSeconds(90);

  public Program {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }

  public static Program of(String... command) {
    return new Program(List.of(command), Map.of());
  }

  public static Program of(List<String> command) {
    return new Program(command, Map.of());
  }

  /** What a program did. */
  public record Result(int exitCode, String output, String errors) {}

  /** Runs to the end and returns what the program printed; a failure is thrown. */
  public String run() {
    return run("");
  }

  /** Runs to the end with that text as standard input; a failure is thrown. */
  public String run(String input) {
    Result result = tryRun(input);
    if (result.exitCode() != 0) {
      String errors = result.errors().isBlank() ? result.output() : result.errors();
      throw new NaruException(
          ErrorCode.KERNEL_REFUSED,
          "'%s' failed with exit code %d: %s"
              .formatted(text(), result.exitCode(), shortened(errors.strip())));
    }
    return result.output();
  }

  /** Runs to the end, and leaves it to the caller to judge the exit code. */
  public Result tryRun(String input) {
    Process process = launch(new ProcessBuilder(command));
    try {
      FutureTask<String> output = inBackground(process.getInputStream());
      FutureTask<String> errors = inBackground(process.getErrorStream());
      try (OutputStream stdin = process.getOutputStream()) {
        stdin.write(input.getBytes(StandardCharsets.UTF_8));
      } catch (IOException programReadsNoInput) {
        // Its exit code and its errors say why.
      }
      if (!process.waitFor(LONGEST.toSeconds(), TimeUnit.SECONDS)) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE,
            "'%s' did not end within %d s and was stopped".formatted(text(), LONGEST.toSeconds()));
      }
      return new Result(process.exitValue(), output.get(), errors.get());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "'" + text() + "' was interrupted", interrupted);
    } catch (ExecutionException unread) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "the output of '" + text() + "' could not be read", unread);
    } finally {
      process.destroyForcibly();
    }
  }

  /**
   * Starts in a session of its own, so that it outlives this process; standard input is empty.
   *
   * @param log takes what the program prints
   */
  public Process start(Path log) {
    return launch(detached().redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile())), log);
  }

  /** As {@link #start}, but standard output can be read from the process. */
  public Process startWithOutput(Path log) {
    return launch(detached(), log);
  }

  private ProcessBuilder detached() {
    var words = new java.util.ArrayList<String>();
    words.add("setsid");
    words.addAll(command);
    return new ProcessBuilder(words);
  }

  private Process launch(ProcessBuilder builder, Path log) {
    return launch(
        builder
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectError(ProcessBuilder.Redirect.appendTo(log.toFile())));
  }

  private Process launch(ProcessBuilder builder) {
    builder.environment().putAll(environment);
    try {
      return builder.start();
    } catch (IOException notStarted) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "the program '"
              + builder.command().getFirst()
              + "' cannot be started ("
              + notStarted.getMessage()
              + "); the lab needs iproute2, nftables, util-linux, procps and ethtool installed",
          notStarted);
    }
  }

  private static FutureTask<String> inBackground(InputStream stream) {
    var task =
        new FutureTask<>(
            () -> {
              try (stream) {
                return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
              }
            });
    Thread.ofVirtual().start(task);
    return task;
  }

  private String text() {
    return shortened(String.join(" ", command));
  }

  private static String shortened(String text) {
    return text.length() <= 2000 ? text : text.substring(0, 2000) + "…";
  }
}
