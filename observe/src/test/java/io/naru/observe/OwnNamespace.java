package io.naru.observe;

import io.naru.linux.namespace.NetworkNamespace;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace of a test's own, with a random name, gone when the test is. */
public record OwnNamespace(String name, NetworkNamespace namespace) implements AutoCloseable {
  public static OwnNamespace create() {
    // The run's number lets bin/test remove what a killed run left.
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    String name = "naru-test-%s-%06x".formatted(run, ThreadLocalRandom.current().nextInt(1 << 24));
    return new OwnNamespace(name, NetworkNamespace.create(name));
  }

  @Override
  public void close() {
    namespace.close();
    NetworkNamespace.delete(name);
  }
}
