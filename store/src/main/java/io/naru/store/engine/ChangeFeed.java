package io.naru.store.engine;

import io.naru.store.ClusterSnapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The newest snapshot, whether the store answers, and the last few changes. Watches wait here; one
 * that is slow skips to the newest and holds nobody up.
 */
public final class ChangeFeed {
  private static final int KEPT_CHANGES = 4096;

  /**
   * What a watch sees when it looks.
   *
   * @param snapshot the newest, or null before the first
   * @param status grows whenever the store starts or stops answering; 0 before either
   * @param trouble why it does not answer, or null if it does
   * @param closed whether nothing will ever come again
   */
  public record Moment(
      @Nullable ClusterSnapshot snapshot, long status, @Nullable String trouble, boolean closed) {}

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private final Deque<Change> changes = new ArrayDeque<>();
  private Moment moment = new Moment(null, 0, null, false);

  /** A newer snapshot, and the changes that led to it from the last one. */
  public void publish(ClusterSnapshot snapshot, List<Change> led) {
    lock.lock();
    try {
      update(new Moment(snapshot, moment.status, moment.trouble, moment.closed), led);
    } finally {
      lock.unlock();
    }
  }

  /** A newer snapshot that no known changes led to. */
  public void replace(ClusterSnapshot snapshot) {
    lock.lock();
    try {
      changes.clear();
      publish(snapshot, List.of());
    } finally {
      lock.unlock();
    }
  }

  /** The store answers. */
  public void connected() {
    lock.lock();
    try {
      update(new Moment(moment.snapshot, moment.status + 1, null, moment.closed), List.of());
    } finally {
      lock.unlock();
    }
  }

  /** The store does not answer, for that reason. */
  public void disconnected(String why) {
    lock.lock();
    try {
      if (!why.equals(moment.trouble)) {
        update(new Moment(moment.snapshot, moment.status + 1, why, moment.closed), List.of());
      }
    } finally {
      lock.unlock();
    }
  }

  /** Nothing will come any more. */
  public void close() {
    lock.lock();
    try {
      update(new Moment(moment.snapshot, moment.status, moment.trouble, true), List.of());
    } finally {
      lock.unlock();
    }
  }

  /** What is known now. */
  public Moment moment() {
    lock.lock();
    try {
      return moment;
    } finally {
      lock.unlock();
    }
  }

  /** Wakes those who wait, so that they look whether they are still wanted. */
  public void wake() {
    lock.lock();
    try {
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for something newer than what was seen, for closing, or until the one who waits is
   * unwanted, which {@link #wake} makes it ask.
   */
  public Moment await(long revision, long status, BooleanSupplier unwanted)
      throws InterruptedException {
    lock.lock();
    try {
      while (!isNewer(revision, status) && !unwanted.getAsBoolean()) {
        news.await();
      }
      return moment;
    } finally {
      lock.unlock();
    }
  }

  private boolean isNewer(long revision, long status) {
    return moment.closed
        || moment.status > status
        || (moment.snapshot != null && moment.snapshot.revision() > revision);
  }

  /** The changes after a revision, or empty if they are not all kept any more. */
  public Optional<List<Change>> since(long revision) {
    lock.lock();
    try {
      ClusterSnapshot newest = moment.snapshot;
      if (newest == null || revision > newest.revision()) {
        return Optional.empty();
      }
      List<Change> later = new ArrayList<>();
      for (Change change : changes) {
        if (change.revision() > revision) {
          later.add(change);
        }
      }
      boolean whole = later.size() == newest.revision() - revision;
      return whole ? Optional.of(List.copyOf(later)) : Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private void update(Moment next, List<Change> led) {
    lock.lock();
    try {
      moment = next;
      changes.addAll(led);
      while (changes.size() > KEPT_CHANGES) {
        changes.removeFirst();
      }
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
