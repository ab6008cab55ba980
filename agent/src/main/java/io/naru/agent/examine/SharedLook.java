package io.naru.agent.examine;

import io.naru.core.cluster.NodeName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * One look at a time, about all that those who wait for it ask for: however many they are, none
 * waits for more than the present look and the next one. Who asks within half a second after one
 * began shares what that sees, if it is about no less. One that nobody waits for is broken off, or
 * steps back, as soon as somebody wants one at once.
 */
final class SharedLook<T> {
  private static final Duration TOGETHER = Duration.ofMillis(500);

  private record Seen<T>(T what, Set<NodeName> about, long began) {}

  /** Compared by identity: two may ask for the same. */
  private static final class Asker {
    private final Set<NodeName> about;
    private final boolean atOnce;
    private final long since;

    Asker(Set<NodeName> about, boolean atOnce, long since) {
      this.about = about;
      this.atOnce = atOnce;
      this.since = since;
    }
  }

  private final LongSupplier nanoTime;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final List<Asker> waiting = new ArrayList<>();
  private boolean looking;
  private @Nullable Thread inBackground;
  private @Nullable Seen<T> latest;

  /**
   * @param nanoTime a monotonic clock, in nanoseconds
   */
  SharedLook(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * For somebody who waits: what is looked at in the background is broken off.
   *
   * @param look is told what to look at, which is no less than was asked for
   */
  T now(Set<NodeName> about, Function<Set<NodeName>, T> look) {
    return shared(new Asker(about, true, nanoTime.getAsLong()), look);
  }

  /**
   * While nobody waits for it.
   *
   * @param look is told what to look at, which is no less than was asked for; may be interrupted,
   *     and throws then; the thread stays interrupted
   */
  T whileNobodyWaits(Set<NodeName> about, Function<Set<NodeName>, T> look) {
    return shared(new Asker(about, false, nanoTime.getAsLong()), look);
  }

  private T shared(Asker asker, Function<Set<NodeName>, T> look) {
    Set<NodeName> about;
    long began;
    lock.lock();
    try {
      Optional<T> seen = seenOrTurn(asker);
      if (seen.isPresent()) {
        return seen.get();
      }
      about = waiting.stream().flatMap(each -> each.about.stream()).collect(Collectors.toSet());
      began = nanoTime.getAsLong();
      looking = true;
      inBackground = asker.atOnce ? null : Thread.currentThread();
    } finally {
      waiting.remove(asker);
      changed.signalAll();
      lock.unlock();
    }
    Optional<Seen<T>> seen = Optional.empty();
    try {
      seen = Optional.of(new Seen<>(look.apply(about), Set.copyOf(about), began));
      return seen.get().what();
    } finally {
      end(seen, asker);
    }
  }

  /** What was seen meanwhile and will do, or empty when the look is this asker's. */
  private Optional<T> seenOrTurn(Asker asker) {
    waiting.add(asker);
    while (true) {
      Seen<T> seen = latest;
      if (seen != null && serves(seen, asker)) {
        return Optional.of(seen.what());
      }
      if (asker.atOnce && inBackground != null) {
        inBackground.interrupt();
      }
      if (!looking && (asker.atOnce || waiting.stream().noneMatch(each -> each.atOnce))) {
        return Optional.empty();
      }
      changed.awaitUninterruptibly();
    }
  }

  private static boolean serves(Seen<?> seen, Asker asker) {
    return asker.since - seen.began() <= TOGETHER.toNanos()
        && seen.about().containsAll(asker.about);
  }

  private void end(Optional<Seen<T>> seen, Asker asker) {
    lock.lock();
    try {
      seen.ifPresent(whole -> latest = whole);
      looking = false;
      inBackground = null;
      if (seen.isPresent() && !asker.atOnce) {
        // Who broke it off came too late; the caller's next wait is none of theirs.
        boolean _ = Thread.interrupted();
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
