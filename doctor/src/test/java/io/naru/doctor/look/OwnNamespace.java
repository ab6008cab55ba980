package io.naru.doctor.look;

import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace of a test's own, with a random name, gone when the test is. */
record OwnNamespace(String name, NetworkNamespace namespace) implements AutoCloseable {
  static OwnNamespace create() {
    // The run's number lets bin/test remove what a killed run left.
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    String name = "naru-test-%s-%06x".formatted(run, ThreadLocalRandom.current().nextInt(1 << 24));
    return new OwnNamespace(name, NetworkNamespace.create(name));
  }

  /** Runs commands inside, one a line; returns what they printed. */
  String run(String commands) {
    StringBuilder printed = new StringBuilder();
    commands.lines().forEach(line -> printed.append(namespace.call(() -> output(line))));
    return printed.toString();
  }

  private static String output(String line) {
    List<String> words = List.of(line.strip().split(" +"));
    try {
      Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(words + " failed: " + text);
      }
      return text;
    } catch (IOException | InterruptedException failure) {
      throw new AssertionError(failure);
    }
  }

  @Override
  public void close() {
    namespace.close();
    NetworkNamespace.delete(name);
  }
}
