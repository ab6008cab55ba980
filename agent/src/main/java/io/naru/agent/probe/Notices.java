package io.naru.agent.probe;

import io.naru.core.error.NaruException;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.store.ClusterStore;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps this node's words about paths in trouble in the store as they should be, on a thread of its
 * own: a slow store must not delay the probes.
 */
public final class Notices implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Notices.class);

  /** A word is renewed so often, or the other end takes it for stale; a good one sooner. */
  private static final Duration RENEWAL = Duration.ofSeconds(10);

  private static final Duration RENEWAL_OF_GOOD_WORD = Duration.ofSeconds(3);

  private static final Duration PAUSE = Duration.ofMillis(200);

  private record Published(PathNotice notice, long at) {}

  private final ClusterStore store;
  private final AtomicReference<Optional<List<PathNotice>>> wanted =
      new AtomicReference<>(Optional.empty());
  private final Map<PathId, Published> published = new HashMap<>();
  private final Thread thread;

  public Notices(ClusterStore store) {
    this.store = store;
    this.thread = Thread.ofVirtual().name("naru-notices").start(this::run);
  }

  /** What should be in the store now. */
  public void publish(List<PathNotice> notices) {
    wanted.set(Optional.of(List.copyOf(notices)));
  }

  /** What an earlier agent of this node left in the store counts as published, long ago. */
  public synchronized void found(List<PathNotice> ours) {
    for (PathNotice notice : ours) {
      published.putIfAbsent(
          notice.path(),
          new Published(notice, System.nanoTime() - RENEWAL.multipliedBy(2).toNanos()));
    }
  }

  private void run() {
    try {
      while (true) {
        Thread.sleep(PAUSE);
        wanted.get().ifPresent(this::bring);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void bring(List<PathNotice> notices) {
    try {
      Map<PathId, PathNotice> byPath = new HashMap<>();
      notices.forEach(notice -> byPath.put(notice.path(), notice));
      for (PathNotice notice : notices) {
        Published there = published.get(notice.path());
        long now = System.nanoTime();
        if (there == null
            || !there.notice().saysTheSameAs(notice)
            || now - there.at() > renewal(notice).toNanos()) {
          store.publishNotice(notice.renewedAt(Instant.now()));
          published.put(notice.path(), new Published(notice, now));
        }
      }
      for (Published there : List.copyOf(published.values())) {
        PathNotice old = there.notice();
        if (!byPath.containsKey(old.path())) {
          store.withdrawNotice(old.path(), old.observer());
          published.remove(old.path());
        }
      }
    } catch (NaruException storeAway) {
      LOG.debug("the store does not take notices now: {}", storeAway.sentence());
    }
  }

  private static Duration renewal(PathNotice notice) {
    return switch (notice.state()) {
      case BROKEN, UNKNOWN -> RENEWAL;
      case HEALTHY, DEGRADED -> RENEWAL_OF_GOOD_WORD;
    };
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
