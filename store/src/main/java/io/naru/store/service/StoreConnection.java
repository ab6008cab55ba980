package io.naru.store.service;

import io.naru.channel.Hello;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.engine.ChangeFeed;
import io.naru.store.state.ClusterState;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps one connection to a store alive and what its watch says up to date. */
final class StoreConnection implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Duration SILENCE = Duration.ofSeconds(30);
  private static final Duration PING_EVERY = Duration.ofSeconds(10);

  private final Connector connector;
  private final ChangeFeed feed = new ChangeFeed();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Thread thread;
  private @Nullable StoreClientSession session;
  private @Nullable NaruException trouble;
  private boolean watchWanted;
  private volatile boolean closed;
  private Optional<String> epoch = Optional.empty();

  private StoreConnection(Connector connector) {
    this.connector = connector;
    // Of the platform: the kernel wakes it with each change, without a poller in between.
    this.thread = Thread.ofPlatform().daemon().name("naru-store-client").unstarted(this::run);
  }

  static StoreConnection start(Connector connector) {
    StoreConnection connection = new StoreConnection(connector);
    connection.thread.start();
    return connection;
  }

  ChangeFeed feed() {
    return feed;
  }

  /** The connection's session, as soon as there is one. */
  StoreClientSession session(Duration limit) {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (true) {
        if (closed) {
          throw new NaruException(ErrorCode.UNAVAILABLE, "the connection to the store is closed");
        }
        if (session != null) {
          return session;
        }
        NaruException why = trouble;
        if (why != null && (left <= 0 || why.code() != ErrorCode.UNAVAILABLE)) {
          throw new NaruException(why.code(), why.sentence(), why);
        }
        if (left <= 0) {
          throw new NaruException(ErrorCode.UNAVAILABLE, "the store does not answer");
        }
        left = changed.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "waiting for the store was interrupted", e);
    } finally {
      lock.unlock();
    }
  }

  /** A session turned out to be of no use. */
  void lost(StoreClientSession useless) {
    lock.lock();
    try {
      if (session == useless) {
        session = null;
      }
    } finally {
      lock.unlock();
    }
    useless.close();
  }

  /** Ends the connection there is; the next one follows. */
  void reconnect() {
    StoreClientSession current;
    lock.lock();
    try {
      current = session;
    } finally {
      lock.unlock();
    }
    if (current != null) {
      lost(current);
    }
  }

  /** From now on the feed is kept up to date. */
  void wantWatch() {
    StoreClientSession current;
    lock.lock();
    try {
      if (watchWanted) {
        return;
      }
      watchWanted = true;
      current = session;
    } finally {
      lock.unlock();
    }
    if (current != null) {
      requestWatch(current);
    }
  }

  private void requestWatch(StoreClientSession current) {
    try {
      ClusterSnapshot known = feed.moment().snapshot();
      current.tell(new StoreRequest.Watch(epoch, known == null ? -1 : known.revision()));
    } catch (NaruException gone) {
      current.close();
    }
  }

  private void run() {
    Duration pause = FIRST_PAUSE;
    while (!closed) {
      boolean wasIn = false;
      try {
        StoreClientSession opened =
            StoreClientSession.open(connector.connect(), Hello.STORE, SILENCE);
        wasIn = true;
        serve(opened);
      } catch (NaruException e) {
        failed(e);
      } catch (RuntimeException e) {
        LOG.error("the connection to the store failed by a mistake in Naru", e);
        failed(new NaruException(ErrorCode.INTERNAL, "the connection to the store failed", e));
      }
      pause = wasIn ? FIRST_PAUSE : longer(pause);
      if (!closed) {
        rest(pause);
      }
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /** Half to one and a half of the pause, so that clients do not come back all at once. */
  private static void rest(Duration pause) {
    try {
      Thread.sleep(
          pause.toMillis() / 2 + ThreadLocalRandom.current().nextLong(pause.toMillis() + 1));
    } catch (InterruptedException closing) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(StoreClientSession opened) {
    boolean watch;
    lock.lock();
    try {
      session = opened;
      trouble = null;
      watch = watchWanted;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    feed.connected();
    Thread pinger = Thread.ofVirtual().name("naru-store-ping").start(() -> ping(opened));
    try {
      if (closed) {
        opened.close();
      }
      if (watch) {
        requestWatch(opened);
      }
      opened.read(this::received);
    } finally {
      pinger.interrupt();
      lost(opened);
    }
  }

  private static void ping(StoreClientSession opened) {
    try {
      while (true) {
        Thread.sleep(PING_EVERY);
        opened.tell(new StoreRequest.Ping());
      }
    } catch (InterruptedException over) {
      Thread.currentThread().interrupt();
    } catch (NaruException gone) {
      opened.close();
    }
  }

  private void received(StoreMessage message) {
    switch (message) {
      case StoreMessage.Whole whole -> {
        ClusterSnapshot known = feed.moment().snapshot();
        if (known != null && whole.snapshot().revision() < known.revision()) {
          throw new NaruException(
              ErrorCode.CONFLICT,
              "the store answers with an older state (revision "
                  + whole.snapshot().revision()
                  + " after "
                  + known.revision()
                  + "): it was restored from a backup; restart the agent to accept that");
        }
        epoch = Optional.of(whole.epoch());
        feed.replace(known == null ? whole.snapshot() : whole.snapshot().withServicesOf(known));
      }
      case StoreMessage.Changes changes -> {
        ClusterSnapshot known = feed.moment().snapshot();
        if (known == null || known.revision() != changes.from()) {
          epoch = Optional.empty();
          throw new NaruException(
              ErrorCode.MALFORMED, "the store left changes out; the watch starts anew");
        }
        feed.publish(ClusterState.after(known, changes.events(), changes.revision()), List.of());
      }
      default -> LOG.debug("the store sent a message nobody waits for");
    }
  }

  private void failed(NaruException e) {
    lock.lock();
    try {
      trouble = e;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    if (!closed) {
      LOG.debug("no connection to the store: {}", e.sentence());
      feed.disconnected(e.sentence());
    }
  }

  @Override
  public void close() {
    closed = true;
    feed.close();
    thread.interrupt();
    lock.lock();
    try {
      if (session != null) {
        session.close();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
