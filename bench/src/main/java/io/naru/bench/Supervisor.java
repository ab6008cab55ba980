package io.naru.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Ends the agent of a lab's first node, and starts it as the unit for systemd has it. */
record Supervisor(BenchLab lab) {
  /** RestartSec= of the unit that {@code naru install} writes. */
  static final Duration RESTART = Duration.ofMillis(100);

  /** Kills it, waits as systemd does, and starts it by the same words; the time of the kill. */
  long replace() {
    ProcessHandle agent = ProcessHandle.of(lab.agent(1)).orElseThrow();
    List<String> words = words(agent.parent().orElseThrow());
    long killed = System.nanoTime();
    if (!agent.destroyForcibly()) {
      throw new IllegalStateException("the agent could not be killed");
    }
    Attempts.pause(RESTART);
    start(words);
    return killed;
  }

  /** Of the process that entered the node to run it: systemd would be there already. */
  private static List<String> words(ProcessHandle process) {
    try {
      byte[] line = Files.readAllBytes(Path.of("/proc", Long.toString(process.pid()), "cmdline"));
      return List.of(new String(line, StandardCharsets.UTF_8).split("\0"));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private void start(List<String> words) {
    Redirect log =
        Redirect.appendTo(
            Path.of("/run/naru-lab", lab.name(), "nodes", "node1", "agent.log").toFile());
    try {
      Process _ =
          new ProcessBuilder(words)
              .redirectInput(Path.of("/dev/null").toFile())
              .redirectOutput(log)
              .redirectError(log)
              .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
