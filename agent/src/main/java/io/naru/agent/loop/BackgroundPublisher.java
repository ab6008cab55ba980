package io.naru.agent.loop;

import io.naru.core.cluster.Node;
import io.naru.store.ClusterStore;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Publishes on a thread of its own, again and again until the store has taken it: a store that does
 * not answer must not hold up the repair of the kernel. Safe for use by several threads.
 */
public final class BackgroundPublisher implements NodePublisher, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(BackgroundPublisher.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final ClusterStore store;
  private final Runnable told;
  private final Thread thread;
  private Optional<Node> wanted = Optional.empty();
  private Optional<String> trouble = Optional.empty();

  /**
   * @param told called when there is another trouble, or none any more
   */
  public BackgroundPublisher(ClusterStore store, Runnable told) {
    this.store = store;
    this.told = told;
    this.thread = Thread.ofVirtual().name("naru-publisher").start(this::run);
  }

  @Override
  public synchronized Optional<String> keep(Optional<Node> now) {
    if (!now.equals(wanted)) {
      wanted = now;
      trouble = Optional.empty();
      notifyAll();
    }
    return trouble;
  }

  private void run() {
    try {
      while (true) {
        Node node = next();
        Optional<String> refused = NodePublisher.publish(store, node);
        if (refused.isEmpty()) {
          LOG.info("published {} with pods {}", node.name(), node.podCidrs());
        }
        settle(node, refused);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Node next() throws InterruptedException {
    while (wanted.isEmpty()) {
      wait();
    }
    return wanted.get();
  }

  /** What is wanted by now may be something else: then that comes next, without a pause. */
  private void settle(Node node, Optional<String> refused) throws InterruptedException {
    boolean other;
    synchronized (this) {
      if (!wanted.equals(Optional.of(node))) {
        return;
      }
      other = !trouble.equals(refused);
      trouble = refused;
      if (refused.isEmpty()) {
        wanted = Optional.empty();
      }
    }
    if (other) {
      told.run();
    }
    rest(node);
  }

  /** Until it is time to try again, or something else is wanted. */
  private synchronized void rest(Node node) throws InterruptedException {
    long end = System.nanoTime() + PAUSE.toNanos();
    long left = PAUSE.toMillis();
    while (left > 0 && wanted.equals(Optional.of(node))) {
      wait(left);
      left = (end - System.nanoTime()) / 1_000_000;
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
