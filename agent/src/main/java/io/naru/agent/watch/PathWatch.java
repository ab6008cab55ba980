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
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Examines paths of this node that are in trouble, or whose other end's agent is gone, of its own
 * accord, and keeps the verdicts with their times, beside the drift that was repaired.
 */
public final class PathWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PathWatch.class);

  /** How often it looks whether a path is in trouble. */
  private static final Duration TICK = Duration.ofSeconds(1);

  private final NodeName self;
  private final Supplier<List<JudgedPath>> judged;
  private final Predicate<NodeName> isRefused;
  private final BooleanSupplier isLate;
  private final Function<Set<NodeName>, ClusterEvidence> examine;
  private final InstantSource clock;
  private final ExaminationPace pace = new ExaminationPace();
  private final LostAgents lostAgents = new LostAgents();
  private final Thread thread;
  private History history = History.empty();
  private volatile boolean closed;

  /**
   * @param judged the newest verdicts on this node's paths
   * @param isRefused whether that peer's host says that no agent listens there
   * @param isLate whether this program comes to its work so late that nothing is to be examined
   * @param examine looks closely at the paths to these peers
   */
  public PathWatch(
      NodeName self,
      Supplier<List<JudgedPath>> judged,
      Predicate<NodeName> isRefused,
      BooleanSupplier isLate,
      Function<Set<NodeName>, ClusterEvidence> examine,
      InstantSource clock) {
    this.self = self;
    this.judged = judged;
    this.isRefused = isRefused;
    this.isLate = isLate;
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
      } catch (RuntimeException mistake) {
        LOG.error("a look at the paths failed by a mistake in Naru; the next one follows", mistake);
      }
    }
  }

  /** One round: what is due is examined, what is over is noted. */
  void look(long nanoTime) {
    List<JudgedPath> paths = judged.get().stream().filter(JudgedPath::chosen).toList();
    Set<NodeName> lost = lost(paths, nanoTime);
    Set<NodePair> troubled = new HashSet<>();
    Set<NodeName> peers = new HashSet<>();
    for (JudgedPath path : paths) {
      if (isTrouble(path.verdict().state()) || lost.contains(peer(path))) {
        troubled.add(new NodePair(path.path().from().text(), path.path().to().text()));
        peers.add(peer(path));
      }
    }
    change(known -> known.withoutTrouble(troubled, clock.instant()));
    Set<NodeName> due = isLate.getAsBoolean() ? Set.of() : pace.due(peers, nanoTime);
    if (!due.isEmpty()) {
      examine(due, troubled, nanoTime);
    }
  }

  private NodeName peer(JudgedPath path) {
    return path.path().from().equals(self) ? path.path().to() : path.path().from();
  }

  /** Nobody proves or disproves a path to a node whose agent is gone: it is not in trouble. */
  private Set<NodeName> lost(List<JudgedPath> paths, long nanoTime) {
    Set<NodeName> all = new HashSet<>();
    Set<NodeName> passing = new HashSet<>();
    for (JudgedPath path : paths) {
      all.add(peer(path));
      if (isPassing(path.verdict().state())) {
        passing.add(peer(path));
      }
    }
    Set<NodeName> refusing = new HashSet<>(all);
    refusing.removeAll(passing);
    refusing.removeIf(peer -> !isRefused.test(peer));
    return lostAgents.among(passing, refusing, all, nanoTime);
  }

  private static boolean isPassing(PathState state) {
    return switch (state) {
      case HEALTHY, DEGRADED -> true;
      case BROKEN, UNKNOWN -> false;
    };
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
