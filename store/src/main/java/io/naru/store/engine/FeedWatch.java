package io.naru.store.engine;

import io.naru.store.ClusterSnapshot;
import io.naru.store.StoreListener;
import io.naru.store.StoreWatch;
import io.naru.store.Touched;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells one listener, on a virtual thread of its own, what comes by a feed. */
public final class FeedWatch implements StoreWatch {
  private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);

  private final ChangeFeed feed;
  private final StoreListener listener;
  private final ReentrantLock calling = new ReentrantLock();
  private volatile boolean closed;

  private FeedWatch(ChangeFeed feed, StoreListener listener) {
    this.feed = feed;
    this.listener = listener;
  }

  /** Starts to tell a listener. */
  public static FeedWatch start(ChangeFeed feed, StoreListener listener) {
    FeedWatch watch = new FeedWatch(feed, listener);
    Thread.ofVirtual().name("naru-watch").start(watch::run);
    return watch;
  }

  private void run() {
    @Nullable ClusterSnapshot told = null;
    long status = 0;
    try {
      while (!closed) {
        ChangeFeed.Moment moment =
            feed.await(told == null ? -1 : told.revision(), status, () -> closed);
        if (closed || moment.closed()) {
          return;
        }
        if (moment.status() > status) {
          status = moment.status();
          tellStatus(moment);
        }
        ClusterSnapshot newest = moment.snapshot();
        if (newest != null && (told == null || newest.revision() > told.revision())) {
          tellChange(told, newest);
          told = newest;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tellStatus(ChangeFeed.Moment moment) {
    String trouble = moment.trouble();
    tell(trouble == null ? listener::connected : () -> listener.disconnected(trouble));
  }

  private void tellChange(@Nullable ClusterSnapshot told, ClusterSnapshot newest) {
    Touched touched = told == null ? Touched.everythingOf(newest) : Touched.between(told, newest);
    if (!touched.isNothing()) {
      tell(() -> listener.changed(newest, touched));
    }
  }

  private void tell(Runnable call) {
    calling.lock();
    try {
      if (!closed) {
        call.run();
      }
    } catch (RuntimeException e) {
      LOG.error("a listener of the store failed; it is told of the next change again", e);
    } finally {
      calling.unlock();
    }
  }

  @Override
  public void close() {
    closed = true;
    feed.wake();
    // A listener may close its own watch; anyone else waits until a call in progress has ended.
    calling.lock();
    try {
      LOG.debug("a watch of the store ended");
    } finally {
      calling.unlock();
    }
  }
}
