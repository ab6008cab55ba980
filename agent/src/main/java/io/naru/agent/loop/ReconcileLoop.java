package io.naru.agent.loop;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs passes, one after the other, on one thread: after every trigger, after a failure, and now
 * and then. What triggered does not matter, only that something did.
 */
public final class ReconcileLoop implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ReconcileLoop.class);

  /** How often everything is compared without any reason. */
  public static final Duration FULL_COMPARISON = Duration.ofSeconds(10);

  /** However long a comparison takes, drift waits no longer than that for the next one. */
  private static final Duration LONGEST_REST = Duration.ofMillis(300);

  private final Reconciler reconciler;
  private final Consumer<Pass> listener;
  private final RetryPace pace;
  private final Pause pause;
  private final Demand demand = new Demand();
  private final Thread thread;

  /**
   * @param fullComparison how often everything is compared unasked: {@link #FULL_COMPARISON}
   * @param listener told of every pass, on the loop's thread
   * @param pause says of each pass whether it may change the kernel
   */
  public ReconcileLoop(
      Reconciler reconciler, Duration fullComparison, Consumer<Pass> listener, Pause pause) {
    this.reconciler = reconciler;
    this.pace = new RetryPace(fullComparison);
    this.pause = pause;
    this.listener = listener;
    this.thread = Thread.ofPlatform().name("naru-loop").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Something may have changed. */
  public void trigger() {
    demand.everything();
  }

  /** What the store says of these nodes changed. */
  public void trigger(Set<NodeName> peers) {
    demand.peers(peers);
  }

  private void run() {
    Pass last = Pass.NONE;
    Duration rest = Duration.ZERO;
    Optional<Scope> scope = Optional.of(new Scope.Everything());
    try {
      while (scope.isPresent()) {
        Pause.Round round = pause.round();
        Pass pass = onePass(scope.get(), round);
        pause.passed(round, scope.get(), pass.plan());
        report(pass, last, round.paused());
        last = pass;
        // Events follow on our own changes too: the loop rests twice as long as it worked.
        rest = shorter(pass.timing().total().multipliedBy(2), LONGEST_REST);
        scope = demand.take(rest, pace.after(pass));
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private Pass onePass(Scope scope, Pause.Round round) {
    try {
      Pass pass = round.paused() ? reconciler.passThatLeavesTheKernel() : reconciler.pass(scope);
      listener.accept(pass);
      return pass;
    } catch (RuntimeException mistake) {
      LOG.error("a pass of the loop failed by a mistake in Naru; it is tried again", mistake);
      return Pass.without(Pass.NONE.view(), mistake.toString());
    }
  }

  private static void report(Pass pass, Pass last, boolean paused) {
    int changed = paused ? 0 : pass.plan().operations().size() - pass.failedOperations();
    if (changed > 0) {
      LOG.info("changed the kernel in {} places, {}", changed, pass.timing().text());
      if (LOG.isDebugEnabled()) {
        pass.plan().operations().forEach(operation -> LOG.debug("{}", operation.text()));
      }
    }
    pass.problems().stream()
        .filter(problem -> !last.problems().contains(problem))
        .forEach(problem -> LOG.warn("{}", problem));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  @Override
  public void close() {
    demand.close();
    try {
      thread.join(Duration.ofSeconds(5));
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }
}
