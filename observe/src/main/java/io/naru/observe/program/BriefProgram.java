package io.naru.observe.program;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** A host's program that prints something and ends, in the network namespace of this thread. */
public final class BriefProgram {
  private static final Duration USUAL = Duration.ofSeconds(2);
  private static final int MOST_BYTES = 16 << 20;

  private BriefProgram() {}

  /** The same where two seconds are enough. */
  public static Optional<String> output(List<String> command) {
    return output(USUAL, command);
  }

  /** What it printed; empty if it is not there, fails or takes too long. */
  public static Optional<String> output(Duration patience, List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    builder.redirectInput(new File("/dev/null"));
    try {
      Process process = builder.start();
      Thread.ofPlatform().daemon().name("patience").start(() -> limit(process, patience));
      try (InputStream stream = process.getInputStream()) {
        byte[] bytes = stream.readNBytes(MOST_BYTES);
        return process.waitFor() == 0
            ? Optional.of(new String(bytes, StandardCharsets.UTF_8))
            : Optional.empty();
      } finally {
        process.destroyForcibly();
      }
    } catch (IOException notThere) {
      return Optional.empty();
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static void limit(Process process, Duration patience) {
    try {
      if (!process.waitFor(patience)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stop) {
      process.destroyForcibly();
    }
  }
}
