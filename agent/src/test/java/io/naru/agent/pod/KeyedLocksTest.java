package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.Assertions;
import org.junit.jupiter.api.Test;

class KeyedLocksTest {
  private final KeyedLocks locks = new KeyedLocks();

  @Test
  void oneKeyAtATime() throws Exception {
    AtomicInteger inside = new AtomicInteger();
    List<Callable<Integer>> work = new ArrayList<>();
    for (int i = 0; i < 200; i++) {
      work.add(
          () ->
              locks.call(
                  "a",
                  () -> {
                    int now = inside.incrementAndGet();
                    Thread.yield();
                    inside.decrementAndGet();
                    return now;
                  }));
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> done : threads.invokeAll(work)) {
        assertThat(done.get()).isEqualTo(1);
      }
    }
    assertThat(locks.size()).isZero();
  }

  @Test
  void differentKeysAtTheSameTime() throws Exception {
    CountDownLatch both = new CountDownLatch(2);
    Callable<Boolean> meet =
        () -> {
          both.countDown();
          return both.await(10, TimeUnit.SECONDS);
        };
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Boolean>> work = List.of(() -> locked("a", meet), () -> locked("b", meet));
      for (Future<Boolean> done : threads.invokeAll(work)) {
        assertThat(done.get()).isTrue();
      }
    }
  }

  private boolean locked(String key, Callable<Boolean> work) {
    return locks.call(
        key,
        () -> {
          try {
            return work.call();
          } catch (Exception e) {
            throw new AssertionError(e);
          }
        });
  }

  @Test
  void aFailureFreesTheKey() {
    assertThat(
            Assertions.catchThrowable(
                () ->
                    locks.run(
                        "a",
                        () -> {
                          throw new IllegalStateException("no");
                        })))
        .hasMessage("no");
    assertThat(locks.size()).isZero();
    locks.run("a", () -> {});
  }
}
