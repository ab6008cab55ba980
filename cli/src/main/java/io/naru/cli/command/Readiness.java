package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Waits until every agent of a lab has its kernel as it should be and knows every peer. */
public final class Readiness {
  private static final Duration LIMIT = Duration.ofSeconds(60);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Readiness() {}

  /**
   * Waits.
   *
   * @throws NaruException UNAVAILABLE with what the agents lack, when it takes too long
   */
  public static void await(Lab lab) {
    List<String> nodes =
        new ArrayList<>(lab.topology().nodes().stream().map(n -> n.name()).toList());
    int peers = nodes.size() - 1;
    long end = System.nanoTime() + LIMIT.toNanos();
    String missing = "";
    while (System.nanoTime() - end < 0) {
      for (String node : List.copyOf(nodes)) {
        String lack = lack(lab.agentSocket(node).orElse(Path.of("/nowhere")), peers);
        if (lack.isEmpty()) {
          nodes.remove(node);
        } else {
          missing = node + " " + lack;
        }
      }
      if (nodes.isEmpty()) {
        return;
      }
      try {
        Thread.sleep(PAUSE);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        break;
      }
    }
    throw new NaruException(
        ErrorCode.UNAVAILABLE,
        "the lab stands, but is not ready: " + missing + "; see naru status, naru lab status");
  }

  private static String lack(Path socket, int peers) {
    try {
      var status = new AgentClient(socket, "its agent is down").status();
      if (!status.state().equals("ready")) {
        return status.state() + ": " + String.join("; ", status.failures());
      }
      return status.peers() < peers ? "knows only " + status.peers() + " peers" : "";
    } catch (NaruException silent) {
      return silent.sentence();
    }
  }
}
