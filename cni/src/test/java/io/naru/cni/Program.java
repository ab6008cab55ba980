package io.naru.cni;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One run of the built program. */
record Program(Path executable, Map<String, String> environment) {
  static final Path RELEASE = Path.of("target/naru-cni").toAbsolutePath();
  static final Path SANITIZED = Path.of("target/naru-cni-sanitized").toAbsolutePath();

  record Outcome(int exitCode, String output, String errors) {
    JsonNode json() {
      return JsonMapper.shared().readTree(output);
    }
  }

  static Program command(String command) {
    return new Program(
        RELEASE,
        Map.of(
            "CNI_COMMAND", command,
            "CNI_CONTAINERID", "container-1",
            "CNI_NETNS", "/run/netns/pod",
            "CNI_IFNAME", "eth0"));
  }

  Program with(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Program(executable, Map.copyOf(changed));
  }

  Program without(String name) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.remove(name);
    return new Program(executable, Map.copyOf(changed));
  }

  Program sanitized() {
    return new Program(SANITIZED, environment);
  }

  Outcome run(byte[] input) {
    ProcessBuilder builder = new ProcessBuilder(List.of(executable.toString()));
    builder.environment().keySet().removeIf(name -> name.startsWith("CNI_"));
    builder.environment().put("UBSAN_OPTIONS", "print_stacktrace=1");
    // The program leaves its memory to the end of the process, on purpose.
    builder.environment().put("ASAN_OPTIONS", "detect_leaks=0");
    builder.environment().putAll(environment);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Process process = builder.start();
      CompletableFuture<String> errors =
          CompletableFuture.supplyAsync(() -> text(process.getErrorStream()), threads);
      CompletableFuture<Void> written =
          CompletableFuture.runAsync(() -> feed(process, input), threads);
      String output = text(process.getInputStream());
      int exitCode = process.waitFor();
      written.join();
      return new Outcome(exitCode, output, errors.join());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  private static void feed(Process process, byte[] input) {
    try (var stdin = process.getOutputStream()) {
      stdin.write(input);
    } catch (IOException endedEarly) {
      // A program that refuses the input need not read all of it.
    }
  }

  private static String text(InputStream stream) {
    try (stream) {
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
