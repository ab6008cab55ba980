package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Waits until every agent of a lab has its kernel as it should be and knows every peer. */
public final class Readiness {
  private static final Duration LIMIT = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private Readiness() {}

  /**
   * Waits.
   *
   * @throws NaruException UNAVAILABLE with what the agents lack, when it takes too long
   */
  public static void await(Lab lab) {
    List<String> nodes = lab.topology().nodes().stream().map(n -> n.name()).toList();
    int peers = nodes.size() - 1;
    long end = System.nanoTime() + LIMIT.toNanos();
    // One after another: whoever asks all of them again and again keeps them from getting there.
    for (String node : nodes) {
      String lack = lack(lab, node, peers);
      while (!lack.isEmpty()) {
        if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
          throw notReady(node + " " + lack);
        }
        LockSupport.parkNanos(PAUSE.toNanos());
        lack = lack(lab, node, peers);
      }
    }
  }

  private static NaruException notReady(String missing) {
    return new NaruException(
        ErrorCode.UNAVAILABLE,
        "the lab stands, but is not ready: " + missing + "; see naru status, naru lab status");
  }

  private static String lack(Lab lab, String node, int peers) {
    return lackAt(lab.agentSocket(node).orElse(Path.of("/nowhere")), peers);
  }

  private static String lackAt(Path socket, int peers) {
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
