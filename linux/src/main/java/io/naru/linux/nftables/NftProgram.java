package io.naru.linux.nftables;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** One run of nft(8) in the network namespace of the calling thread. */
final class NftProgram {
  private static final long TIMEOUT_SECONDS = 120;

  /**
   * Platform threads: one that carries virtual threads would be born in this thread's network
   * namespace, and later carry others there.
   */
  private static final Executor READERS =
      task -> Thread.ofPlatform().name("nft output").daemon().start(task);

  private NftProgram() {}

  /**
   * How a run ended.
   *
   * @param exitCode 0 for success
   * @param output what it printed
   * @param errors what it complained of
   */
  record Result(int exitCode, String output, String errors) {}

  static Result run(List<String> arguments, String input) {
    List<String> command = new ArrayList<>(List.of("nft"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command);
    // The messages are parsed for "No such file or directory".
    builder.environment().put("LC_ALL", "C");
    Process process = start(builder);
    try {
      CompletableFuture<String> output = read(process.getInputStream());
      CompletableFuture<String> errors = read(process.getErrorStream());
      write(process.getOutputStream(), input);
      if (!process.waitFor(TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE, "nft did not end within " + TIMEOUT_SECONDS + " s");
      }
      return new Result(process.exitValue(), text(output), text(errors).strip());
    } catch (InterruptedException interrupted) {
      // Whatever it did, it does nothing more when the caller hears of it, who may undo it then.
      process.destroyForcibly().onExit().join();
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "interrupted while nft ran", interrupted);
    } finally {
      process.destroyForcibly();
    }
  }

  private static Process start(ProcessBuilder builder) {
    try {
      return builder.start();
    } catch (IOException failure) {
      throw new NaruException(
          ErrorCode.UNSUPPORTED,
          "the program nft cannot be started; install it with: apt-get install nftables ("
              + failure.getMessage()
              + ")",
          failure);
    }
  }

  private static CompletableFuture<String> read(InputStream stream) {
    return CompletableFuture.supplyAsync(
        () -> {
          try (stream) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
          } catch (IOException failure) {
            throw new NaruException(
                ErrorCode.UNAVAILABLE, "the output of nft broke off: " + failure, failure);
          }
        },
        READERS);
  }

  private static String text(CompletableFuture<String> stream) {
    try {
      return stream.join();
    } catch (CompletionException failure) {
      throw failure.getCause() instanceof NaruException known
          ? known
          : new NaruException(ErrorCode.INTERNAL, "the output of nft was not read", failure);
    }
  }

  private static void write(OutputStream stream, String input) {
    try (stream) {
      stream.write(input.getBytes(StandardCharsets.UTF_8));
    } catch (IOException endedEarly) {
      // It has ended before it read everything; its exit code and its words say why.
    }
  }
}
