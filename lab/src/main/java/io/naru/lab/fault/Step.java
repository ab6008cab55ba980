package io.naru.lab.fault;

import java.util.List;

/**
 * A program to run in one place of a lab.
 *
 * @param target what {@code naru lab exec} names: a node, a pod, {@code fabric}
 * @param command the program and its arguments
 * @param input what it reads
 */
public record Step(String target, List<String> command, String input) {
  public Step {
    command = List.copyOf(command);
  }

  static Step nft(String target, String script) {
    return new Step(target, List.of("nft", "-f", "-"), script);
  }

  /** Lines for {@code ip}. */
  static Step ip(String target, String... lines) {
    return ip(target, List.of(lines));
  }

  static Step ip(String target, List<String> lines) {
    return new Step(target, List.of("ip", "-batch", "-"), text(lines));
  }

  /** Lines for {@code bridge}. */
  static Step bridge(String target, String... lines) {
    return new Step(target, List.of("bridge", "-batch", "-"), text(List.of(lines)));
  }

  /** Lines for {@code tc}. */
  static Step tc(String target, String... lines) {
    return new Step(target, List.of("tc", "-batch", "-"), text(List.of(lines)));
  }

  static Step sysctl(String target, String setting) {
    return new Step(target, List.of("sysctl", "-q", "-w", setting), "");
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines) + "\n";
  }
}
