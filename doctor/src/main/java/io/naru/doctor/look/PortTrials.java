package io.naru.doctor.look;

import io.naru.linux.call.Rest;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Tries the ports of many nodes: a bounded number at a time and a second, for a bounded time. Its
 * threads are the kernel's own: they stay in the network namespace of the thread that started them.
 */
final class PortTrials {
  static final int AT_A_TIME = 32;

  /** Between the beginnings of two: each is five packets where all is well. */
  private static final Duration STEP = Duration.ofMillis(5);

  private final Queue<Runnable> waiting;
  private final long end;
  private final List<Thread> workers;
  private long turn = System.nanoTime();

  private PortTrials(Collection<? extends Runnable> trials, Duration longest) {
    waiting = new ArrayDeque<>(trials);
    end = System.nanoTime() + longest.toNanos();
    workers =
        IntStream.range(0, Math.min(AT_A_TIME, trials.size()))
            .mapToObj(i -> Thread.ofPlatform().daemon().name("naru-ports").unstarted(this::work))
            .toList();
  }

  /** Begins; what has not begun after {@code longest} never does. */
  static PortTrials start(Collection<? extends Runnable> trials, Duration longest) {
    PortTrials all = new PortTrials(trials, longest);
    all.workers.forEach(Thread::start);
    return all;
  }

  private void work() {
    for (Runnable trial = next(); trial != null; trial = next()) {
      trial.run();
    }
  }

  private synchronized @Nullable Runnable next() {
    turn = Math.max(System.nanoTime(), turn + STEP.toNanos());
    if (turn > end
        || waiting.isEmpty()
        || !Rest.passes(Duration.ofNanos(turn - System.nanoTime()))) {
      return null;
    }
    return waiting.poll();
  }

  /** Waits for all that have begun or still may. */
  void join() {
    workers.forEach(ProbeRun::join);
  }
}
