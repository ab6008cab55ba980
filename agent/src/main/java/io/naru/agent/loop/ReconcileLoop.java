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

  /** How often everything is compared although nothing seems to have changed. */
  public static final Duration FULL_COMPARISON = Duration.ofSeconds(10);

  /** Triggers come in flocks: after the first one, so long is waited for the others. */
  private static final Duration FLOCK = Duration.ofMillis(20);

  private final Reconciler reconciler;
  private final Consumer<Pass> listener;
  private final RetryPace pace;
  private final Semaphore triggers = new Semaphore(0);
  private final Thread thread;
  private volatile boolean closed;

  /**
   * @param listener told of every pass, on the loop's thread
   * @param fullComparison how often everything is compared although nothing triggered
   */
  public ReconcileLoop(Reconciler reconciler, Consumer<Pass> listener, Duration fullComparison) {
    this.reconciler = reconciler;
    this.listener = listener;
    this.pace = new RetryPace(fullComparison);
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
    while (!closed) {
      Pass pass = onePass();
      report(pass, last);
      last = pass;
      if (!await(pace.after(pass))) {
        return;
      }
    }
  }

  private Pass onePass() {
    try {
      Pass pass = reconciler.pass(false);
      listener.accept(pass);
      return pass;
    } catch (RuntimeException mistake) {
      LOG.error("a pass of the loop failed by a mistake in Naru; it is tried again", mistake);
      return new Pass(Pass.NONE.view(), Pass.NONE.plan(), 0, List.of(mistake.toString()));
    }
  }

  private static void report(Pass pass, Pass last) {
    int changed = pass.plan().operations().size() - pass.failedOperations();
    if (changed > 0) {
      LOG.info("changed the kernel in {} places", changed);
      pass.plan().operations().forEach(operation -> LOG.debug("{}", operation.text()));
    }
    pass.problems().stream()
        .filter(problem -> !last.problems().contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
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
