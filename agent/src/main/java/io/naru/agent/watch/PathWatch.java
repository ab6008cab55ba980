package io.naru.agent.watch;

import io.naru.agent.probe.JudgedPath;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.history.History;
import io.naru.core.diagnosis.history.HistoryEntry;
import io.naru.core.diagnosis.judge.Diagnosis;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathState;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Examines paths of this node that are in trouble, of its own accord, and keeps the verdicts with
 * their times, beside the drift that was repaired.
 */
public final class PathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathWatch.class);
  private static final Duration TICK = Duration.ofSeconds(1);

  private final NodeName self;
  private final Supplier<List<JudgedPath>> judged;
  private final Function<Set<NodeName>, ClusterEvidence> examine;
  private final InstantSource clock;
  private final ExaminationPace pace = new ExaminationPace();
  private final Thread thread;
  private History history = History.empty();
  private volatile boolean closed;

  /**
   * @param judged the newest verdicts on this node's paths
   * @param examine looks closely at the paths to these peers
   */
  public PathWatch(
      NodeName self,
      Supplier<List<JudgedPath>> judged,
      Function<Set<NodeName>, ClusterEvidence> examine,
      InstantSource clock) {
    this.self = self;
    this.judged = judged;
    this.examine = examine;
    this.clock = clock;
    this.thread = Thread.ofVirtual().name("naru-watch").unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  private void run() {
    while (!closed) {
      try {
        Thread.sleep(TICK);
        look(System.nanoTime());
      } catch (InterruptedException brokenOff) {
        // Somebody wanted an examination of their own, or this is the end.
      }
    }
  }

  /** One round: what is due is examined, what is over is noted. */
  void look(long nanoTime) {
    Set<NodePair> troubled = new HashSet<>();
    Set<NodeName> peers = new HashSet<>();
    for (JudgedPath path : judged.get()) {
      if (path.chosen() && isTrouble(path.verdict().state())) {
        troubled.add(new NodePair(path.path().from().text(), path.path().to().text()));
        peers.add(path.path().from().equals(self) ? path.path().to() : path.path().from());
      }
    }
    change(known -> known.withoutTrouble(troubled, clock.instant()));
    Set<NodeName> due = pace.due(peers, nanoTime);
    if (!due.isEmpty()) {
      examine(due, troubled, nanoTime);
    }
  }

  private static boolean isTrouble(PathState state) {
    return switch (state) {
      case BROKEN, DEGRADED -> true;
      case HEALTHY, UNKNOWN -> false;
    };
  }

  private void examine(Set<NodeName> due, Set<NodePair> troubled, long nanoTime) {
    try {
      ClusterEvidence evidence = examine.apply(due);
      for (Verdict verdict : Diagnosis.of(evidence.nodes(), evidence.unasked()).verdicts()) {
        // What else an examination meets is not what it was for.
        if (verdict.pairs().stream().anyMatch(troubled::contains)) {
          LOG.warn("{}: {} ({})", verdict.code(), verdict.title(), verdict.state());
          change(known -> known.with(verdict, clock.instant()));
        }
      }
    } catch (NaruException notNow) {
      pace.notYet(due, nanoTime);
      LOG.debug("trouble was not examined yet: {}", notNow.sentence());
    } catch (RuntimeException mistake) {
      LOG.error("an examination failed by a mistake in Naru; the next one follows", mistake);
    }
  }

  /** Drift that was set right just now. */
  public void repaired(List<Drift> drifts) {
    if (!drifts.isEmpty()) {
      drifts.stream().limit(3).forEach(drift -> LOG.info("repaired: {}", drift.line()));
      change(known -> known.withRepairs(self.text(), drifts, clock.instant()));
    }
  }

  private synchronized void change(Function<History, History> step) {
    history = step.apply(history);
  }

  /** What was found so far, the newest last. */
  public synchronized List<HistoryEntry> history() {
    return history.entries();
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
  }
}
