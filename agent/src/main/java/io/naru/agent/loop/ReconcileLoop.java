package io.naru.agent.loop;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs passes, one after the other, on one thread: after every trigger, after a failure, and now
 * and then. What triggered does not matter, only that something did.
 */
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

  private static final Duration FULL_COMPARISON = Duration.ofSeconds(10);
  private static final Duration FIRST_RETRY = Duration.ofMillis(500);

  /** Triggers come in flocks: after the first one, so long is waited for the others. */
  private static final Duration FLOCK = Duration.ofMillis(20);

  private final Reconciler reconciler;
  private final Consumer<Pass> listener;
  private final Pause pause;
  private final Semaphore triggers = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param listener told of every pass, on the loop's thread
   * @param pause says of each pass whether it may change the kernel
   */
  public ReconcileLoop(Reconciler reconciler, Consumer<Pass> listener, Pause pause) {
    this.reconciler = reconciler;
    this.pause = pause;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("naru-loop").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Something may have changed. */
  public void trigger() {
    triggers.release();
  }

  private void run() {
    Pass last = Pass.NONE;
    Duration retry = FIRST_RETRY;
    while (!closed) {
      Pause.Round round = pause.round();
      Pass pass = onePass(round);
      pause.passed(round, pass.plan());
      report(pass, last, round.paused());
      last = pass;
      // What fails again and again is tried less and less often, down to the full comparison's
      // pace.
      boolean well = pass.problems().isEmpty();
      retry = well ? FIRST_RETRY : shorter(retry.multipliedBy(2), FULL_COMPARISON);
      if (!await(well ? FULL_COMPARISON : retry)) {
        return;
      }
    }
  }

  private Pass onePass(Pause.Round round) {
    try {
      Pass pass = round.paused() ? reconciler.passThatLeavesTheKernel() : reconciler.pass(false);
      listener.accept(pass);
      return pass;
    } catch (RuntimeException mistake) {
      LOG.error("a pass of the loop failed by a mistake in Naru; it is tried again", mistake);
      return new Pass(Pass.NONE.view(), Pass.NONE.plan(), 0, List.of(mistake.toString()));
    }
  }

  private static void report(Pass pass, Pass last, boolean paused) {
    int changed = paused ? 0 : pass.plan().operations().size() - pass.failedOperations();
    if (changed > 0) {
      LOG.info("changed the kernel in {} places", changed);
      pass.plan().operations().forEach(operation -> LOG.debug("{}", operation.text()));
    }
    pass.problems().stream()
        .filter(problem -> !last.problems().contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  private boolean await(Duration longest) {
    try {
      if (triggers.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        Thread.sleep(FLOCK);
        triggers.drainPermits();
      }
      return !closed;
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  @Override
  public void close() {
    closed = true;
    trigger();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
