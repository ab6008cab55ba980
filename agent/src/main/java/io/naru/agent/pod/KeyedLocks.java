package io.naru.agent.pod;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Work on one key at a time; different keys at the same time. Idle keys take no memory. */
final class KeyedLocks {
  private static final class Counted {
    final ReentrantLock lock = new ReentrantLock();
    int users;
  }

  private final Map<String, Counted> locks = new HashMap<>();

  <T> T call(String key, Supplier<T> work) {
    Counted counted;
    synchronized (locks) {
      counted = locks.computeIfAbsent(key, k -> new Counted());
      counted.users++;
    }
    counted.lock.lock();
    try {
      return work.get();
    } finally {
      counted.lock.unlock();
      synchronized (locks) {
        counted.users--;
        if (counted.users == 0) {
          locks.remove(key);
        }
      }
    }
  }

  void run(String key, Runnable work) {
    boolean _ =
        call(
            key,
            () -> {
              work.run();
              return true;
            });
  }

  int size() {
    synchronized (locks) {
      return locks.size();
    }
  }
}
