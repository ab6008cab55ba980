package io.naru.observe.filter;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A host's program that prints something and ends, in the network namespace of this thread. */
final class BriefProgram {
  private static final int PATIENCE_SECONDS = 2;
  private static final int MOST_BYTES = 16 << 20;

  private BriefProgram() {}

  /** What it printed; empty if it is not there, fails or takes too long. */
  static Optional<String> output(List<String> command) {
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.redirectError(ProcessBuilder.Redirect.DISCARD);
    try {
      Process process = builder.start();
      Thread.ofPlatform().daemon().name("patience").start(() -> limit(process));
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

  private static void limit(Process process) {
    try {
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException stop) {
      process.destroyForcibly();
    }
  }
}
