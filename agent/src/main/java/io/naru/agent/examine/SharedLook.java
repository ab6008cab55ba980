package io.naru.agent.examine;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One look at a time. Who asks within half a second after one began shares what that sees, if it is
 * about no less; one that nobody waits for is broken off as soon as somebody wants one at once.
 */
final class SharedLook<T> {
  private static final Duration TOGETHER = Duration.ofMillis(500);

  private record Seen<T>(T what, Set<NodeName> about, long began) {}

  private final LongSupplier nanoTime;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private final Object breakingOff = new Object();
  private @Nullable Thread inBackground;
  private @Nullable Seen<T> latest;

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  SharedLook(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /** For somebody who waits: what is looked at in the background is broken off. */
  T now(Set<NodeName> about, Supplier<T> look) {
    synchronized (breakingOff) {
      if (inBackground != null) {
        inBackground.interrupt();
      }
    }
    return shared(about, look);
  }

  /**
   * While nobody waits for it.
   *
   * @param look may be interrupted, and throws then; the thread stays interrupted
   */
  T whileNobodyWaits(Set<NodeName> about, Supplier<T> look) {
    return shared(about, () -> breakable(look));
  }

  private T shared(Set<NodeName> about, Supplier<T> look) {
    long asked = nanoTime.getAsLong();
    oneAtATime.lock();
    try {
      Seen<T> seen = latest;
      if (seen == null
          || asked - seen.began() > TOGETHER.toNanos()
          || !seen.about().containsAll(about)) {
        long began = nanoTime.getAsLong();
        seen = new Seen<>(look.get(), Set.copyOf(about), began);
        latest = seen;
      }
      return seen.what();
    } finally {
      oneAtATime.unlock();
    }
  }

  private T breakable(Supplier<T> look) {
    synchronized (breakingOff) {
      inBackground = Thread.currentThread();
    }
    try {
      T seen = look.get();
      end();
      // Who broke it off came too late; the caller's next wait is none of theirs.
      boolean _ = Thread.interrupted();
      return seen;
    } finally {
      end();
    }
  }

  private void end() {
    synchronized (breakingOff) {
      inBackground = null;
    }
  }
}
