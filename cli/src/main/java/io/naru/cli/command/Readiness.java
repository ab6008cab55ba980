package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.lab.Progress;
import io.naru.lab.process.Parallel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** Waits until every agent of a lab has its kernel as it should be and knows every peer. */
public final class Readiness {
  private static final Duration LIMIT = Duration.ofMinutes(2);

  /** Many agents on few processors have the work of all of them to do before one is done. */
  private static final Duration FOR_EACH_NODE = Duration.ofSeconds(4);

  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  /** Whoever asks all agents of a large lab at a time keeps them from getting there. */
  private static final int ASKED_AT_ONCE = 8;

  /** So many nodes are told of at a time. */
  private static final int TOLD_TOGETHER = 10;

  private Readiness() {}

  /**
   * Waits.
   *
   * @throws NaruException UNAVAILABLE with what the agents lack, when it takes too long
   */
  public static void await(Lab lab, Progress progress) {
    List<String> nodes = lab.topology().nodes().stream().map(n -> n.name()).toList();
    long end = System.nanoTime() + LIMIT.plus(FOR_EACH_NODE.multipliedBy(nodes.size())).toNanos();
    AtomicInteger ready = new AtomicInteger();
    List<Callable<?>> waits = new ArrayList<>();
    for (String node : nodes) {
      waits.add(
          () -> {
            await(lab, node, nodes.size() - 1, end);
            int now = ready.incrementAndGet();
            if (now % TOLD_TOGETHER == 0) {
              progress.step("%d of %d agents are ready".formatted(now, nodes.size()));
            }
            return node;
          });
    }
    Parallel.run(Parallel.bounded(waits, ASKED_AT_ONCE));
  }

  private static void await(Lab lab, String node, int peers, long end) {
    Duration pause = FIRST_PAUSE;
    String lack = lack(lab, node, peers);
    while (!lack.isEmpty()) {
      if (System.nanoTime() - end > 0 || Thread.currentThread().isInterrupted()) {
        throw notReady(node + " " + lack);
      }
      LockSupport.parkNanos(pause.toNanos());
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : pause;
      lack = lack(lab, node, peers);
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
