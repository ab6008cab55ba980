package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedLookTest {
  private static final NodeName TWO = new NodeName("node2");
  private static final NodeName THREE = new NodeName("node3");
  private static final Set<NodeName> ALL = Set.of(TWO, THREE);

  private final AtomicLong clock = new AtomicLong();
  private final SharedLook<String> looks = new SharedLook<>(clock::get);

  private void later(Duration time) {
    clock.addAndGet(time.toNanos());
  }

  private static NaruException brokenOff() {
    return new NaruException(ErrorCode.UNAVAILABLE, "broken off");
  }

  @Test
  void whoAsksSoonSharesWhatWasSeenAndWhoAsksLaterDoesNot() {
    assertThat(looks.now(ALL, () -> "first")).isEqualTo("first");
    later(Duration.ofMillis(500));
    assertThat(looks.now(ALL, () -> "second")).isEqualTo("first");
    later(Duration.ofMillis(1));
    assertThat(looks.now(ALL, () -> "second")).isEqualTo("second");
  }

  @Test
  void whatWasSeenOfSomeIsNotSharedWithWhoAsksForMore() {
    assertThat(looks.whileNobodyWaits(Set.of(TWO), () -> "some")).isEqualTo("some");
    assertThat(looks.now(ALL, () -> "all")).isEqualTo("all");
    assertThat(looks.now(Set.of(THREE), () -> "some")).isEqualTo("all");
  }

  @Test
  void aLookThatFailedLeavesNothingOldToShare() {
    assertThat(looks.now(ALL, () -> "old")).isEqualTo("old");
    later(Duration.ofHours(1));
    assertThatThrownBy(
            () ->
                looks.whileNobodyWaits(
                    ALL,
                    () -> {
                      throw brokenOff();
                    }))
        .isInstanceOf(NaruException.class);
    assertThat(looks.now(ALL, () -> "new")).isEqualTo("new");
  }

  @Test
  void whoWaitsBreaksOffWhatNobodyWaitsFor() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> background =
          threads.submit(() -> looks.whileNobodyWaits(ALL, () -> endless(begun)));
      begun.await();
      assertThat(looks.now(ALL, () -> "at once")).isEqualTo("at once");
      assertThatThrownBy(background::get)
          .isInstanceOf(ExecutionException.class)
          .hasCauseInstanceOf(NaruException.class);
    }
  }

  private static String endless(CountDownLatch begun) {
    begun.countDown();
    try {
      new CountDownLatch(1).await();
      return "never";
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw brokenOff();
    }
  }

  @Test
  void whoComesTooLateToBreakOffInterruptsNothingElse() {
    assertThat(
            looks.whileNobodyWaits(
                ALL,
                () -> {
                  Thread.currentThread().interrupt();
                  return "whole";
                }))
        .isEqualTo("whole");
    assertThat(Thread.interrupted()).isFalse();
  }
}
