package io.naru.agent.loop;

import io.naru.channel.file.PrivateFile;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the agent leaves the kernel as it finds it. While it does, passes compare and nothing
 * else, and what differs is kept here. The pause stands in a file, so that it outlives the agent;
 * the directory of run-time files does not outlive the machine's start.
 */
public final class Pause {
  private static final Logger LOG = LoggerFactory.getLogger(Pause.class);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final int MOST_DIFFERENCES = 100;

  /**
   * What holds for one pass.
   *
   * @param wish number of the wish that it follows
   * @param paused whether it must change nothing
   */
  record Round(long wish, boolean paused) {}

  private final Path file;
  private final Runnable trigger;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition followed = lock.newCondition();
  private Optional<Instant> since;
  private List<String> differences = List.of();
  private long wishes;
  private long reached = -1;

  /**
   * @param file is there while the agent is paused, and says since when
   * @param trigger makes the loop look again
   */
  public Pause(Path file, Runnable trigger, InstantSource clock) {
    this.file = file;
    this.trigger = trigger;
    this.clock = clock;
    this.since = PrivateFile.read(file).map(text -> instant(text, clock));
    since.ifPresent(
        then -> LOG.warn("paused since {}: nothing is repaired; see naru node resume", then));
  }

  /** A file that says something else was cut off by a crash: the pause stands all the same. */
  private static Instant instant(String text, InstantSource clock) {
    try {
      return Instant.parse(text.strip());
    } catch (DateTimeParseException cutOff) {
      return clock.instant();
    }
  }

  /** Since when; empty while the agent repairs. */
  public Optional<Instant> since() {
    lock.lock();
    try {
      return since;
    } finally {
      lock.unlock();
    }
  }

  /** What the next repair would do, a line each, of very many the first; empty while unpaused. */
  public List<String> differences() {
    lock.lock();
    try {
      return differences;
    } finally {
      lock.unlock();
    }
  }

  /** Pauses; when this returns no pass changes anything any more, and the differences are known. */
  public void begin() {
    wish(true);
  }

  /** Ends the pause; when this returns a pass has done what was left undone. */
  public void end() {
    wish(false);
  }

  private void wish(boolean paused) {
    lock.lock();
    try {
      if (paused != since.isPresent()) {
        if (paused) {
          Instant now = clock.instant();
          PrivateFile.write(file, now.toString());
          since = Optional.of(now);
          LOG.warn("paused: nothing is repaired until naru node resume");
        } else {
          PrivateFile.delete(file);
          since = Optional.empty();
          differences = List.of();
          LOG.info("the pause is over");
        }
      }
      wishes++;
      trigger.run();
      awaitPass(wishes);
    } finally {
      lock.unlock();
    }
  }

  private void awaitPass(long wish) {
    long left = PATIENCE.toNanos();
    try {
      while (reached < wish) {
        if (left <= 0) {
          throw new NaruException(
              ErrorCode.UNAVAILABLE,
              (since.isPresent() ? "the pause stands" : "the pause is over")
                  + ", but the agent has not looked at the kernel since; see naru status for what"
                  + " it waits for");
        }
        left = followed.awaitNanos(left);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** What holds for a pass that begins now. */
  Round round() {
    lock.lock();
    try {
      return new Round(wishes, since.isPresent());
    } finally {
      lock.unlock();
    }
  }

  /** A pass is over. One of some peers alone does not say how the whole kernel is. */
  void passed(Round round, Scope scope, Plan plan) {
    if (scope instanceof Scope.Peers && !round.paused()) {
      return;
    }
    lock.lock();
    try {
      if (round.paused() && since.isPresent()) {
        differences = lines(plan);
      }
      reached = round.wish();
      followed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private static List<String> lines(Plan plan) {
    List<String> lines =
        new ArrayList<>(
            plan.operations().stream().limit(MOST_DIFFERENCES).map(Operation::text).toList());
    int more = plan.operations().size() - lines.size();
    if (more > 0) {
      lines.add("and " + more + " more");
    }
    return List.copyOf(lines);
  }
}
