package io.naru.linux;

import io.naru.linux.namespace.NamespaceTask;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/** A namespace of a test's own, with a random name, gone when the test is. */
public final class TestNamespace implements AutoCloseable {
  private final String name;
  private final NetworkNamespace namespace;

  public TestNamespace() {
    // The run's number lets bin/test remove what a killed run left.
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    name = "naru-test-%s-%06x".formatted(run, ThreadLocalRandom.current().nextInt(1 << 24));
    namespace = NetworkNamespace.create(name);
  }

  public String name() {
    return name;
  }

  public NetworkNamespace namespace() {
    return namespace;
  }

  public int descriptor() {
    return namespace.descriptor();
  }

  public <T, X extends Exception> T call(NamespaceTask<T, X> task) throws X {
    return namespace.call(task);
  }

  /** Runs a command inside and returns what it printed. */
  public String run(String... command) {
    return namespace.call(() -> output(command));
  }

  private static String output(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (process.waitFor() != 0) {
        throw new AssertionError(List.of(command) + " failed: " + text);
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
