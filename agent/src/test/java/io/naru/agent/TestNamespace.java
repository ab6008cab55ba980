package io.naru.agent;

import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ThreadLocalRandom;

/** A network namespace with a random name that goes with the test. */
public final class TestNamespace implements AutoCloseable {
  public record Outcome(int exitCode, String output) {}

  /** What ip says of a namespace that somebody else on this machine is just making or removing. */
  private static final String NOISE = "Error: Peer netns reference is invalid.\n";

  private final String name;
  private final NetworkNamespace namespace;

  public TestNamespace() {
    // The run's number lets bin/test remove what a killed run left.
    String run =
        System.getenv().getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
    name = "naru-test-%s-%08x".formatted(run, ThreadLocalRandom.current().nextInt());
    namespace = NetworkNamespace.create(name);
    run("ip link set lo up");
  }

  public NetworkNamespace namespace() {
    return namespace;
  }

  public String name() {
    return name;
  }

  public String path() {
    return "/run/netns/" + name;
  }

  /** Runs a shell command inside and wants it to succeed. */
  public String run(String command) {
    Outcome outcome = attempt(command);
    if (outcome.exitCode() != 0) {
      throw new AssertionError(command + " failed in " + name + ": " + outcome.output());
    }
    return outcome.output();
  }

  public Outcome attempt(String command) {
    return namespace.call(
        () -> {
          try {
            Process process =
                new ProcessBuilder("sh", "-c", command).redirectErrorStream(true).start();
            String output =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new Outcome(process.waitFor(), output.replace(NOISE, ""));
          } catch (IOException | InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }

  @Override
  public void close() {
    namespace.close();
    boolean _ = NetworkNamespace.delete(name);
  }
}
