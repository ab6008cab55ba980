package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Rest;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class SharedLookTest {
  private static final NodeName TWO = new NodeName("node2");
  private static final NodeName THREE = new NodeName("node3");
  private static final Set<NodeName> ALL = Set.of(TWO, THREE);

  private static final NodeName FOUR = new NodeName("node4");

  private final List<String> seen = new CopyOnWriteArrayList<>();
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
    assertThat(looks.now(ALL, about -> "first")).isEqualTo("first");
    later(Duration.ofMillis(500));
    assertThat(looks.now(ALL, about -> "second")).isEqualTo("first");
    later(Duration.ofMillis(1));
    assertThat(looks.now(ALL, about -> "second")).isEqualTo("second");
  }

  @Test
  void whatWasSeenOfSomeIsNotSharedWithWhoAsksForMore() {
    assertThat(looks.whileNobodyWaits(Set.of(TWO), about -> "some")).isEqualTo("some");
    assertThat(looks.now(ALL, about -> "all")).isEqualTo("all");
    assertThat(looks.now(Set.of(THREE), about -> "some")).isEqualTo("all");
  }

  @Test
  void aLookThatFailedLeavesNothingOldToShare() {
    assertThat(looks.now(ALL, about -> "old")).isEqualTo("old");
    later(Duration.ofHours(1));
    assertThatThrownBy(
            () ->
                looks.whileNobodyWaits(
                    ALL,
                    about -> {
                      throw brokenOff();
                    }))
        .isInstanceOf(NaruException.class);
    assertThat(looks.now(ALL, about -> "new")).isEqualTo("new");
  }

  @Test
  void whoWaitsBreaksOffWhatNobodyWaitsFor() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<String> background =
          threads.submit(() -> looks.whileNobodyWaits(ALL, about -> endless(begun)));
      begun.await();
      assertThat(looks.now(ALL, about -> "at once")).isEqualTo("at once");
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
                about -> {
                  Thread.currentThread().interrupt();
                  return "whole";
                }))
        .isEqualTo("whole");
    assertThat(Thread.interrupted()).isFalse();
  }

  @Test
  void allWhoWaitMeanwhileAreServedByOneLookAboutWhatTheyAskTogether() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Asked first = ask(() -> looks.whileNobodyWaits(Set.of(FOUR), about -> after(goOn, about)));
    later(Duration.ofSeconds(1));
    Asked second = ask(() -> looks.whileNobodyWaits(Set.of(TWO), this::seen));
    Asked third = ask(() -> looks.whileNobodyWaits(Set.of(THREE), this::seen));
    goOn.countDown();
    assertThat(first.answer()).isEqualTo("[node4]");
    assertThat(second.answer()).isEqualTo("[node2, node3]");
    assertThat(third.answer()).isEqualTo("[node2, node3]");
    assertThat(seen).containsExactly("[node4]", "[node2, node3]");
  }

  @Test
  void whoWaitsIsNextHoweverManyBackgroundLooksAreQueued() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    Asked running = ask(() -> looks.whileNobodyWaits(Set.of(FOUR), about -> endless(begun)));
    begun.await();
    later(Duration.ofSeconds(1));
    Asked second = ask(() -> looks.whileNobodyWaits(Set.of(TWO), this::seen));
    Asked third = ask(() -> looks.whileNobodyWaits(Set.of(THREE), this::seen));
    assertThat(ask(() -> looks.now(ALL, this::seenAtOnce)).answer())
        .isEqualTo("at once [node2, node3]");
    assertThat(second.answer()).isEqualTo("at once [node2, node3]");
    assertThat(third.answer()).isEqualTo("at once [node2, node3]");
    assertThat(seen).containsExactly("at once [node2, node3]");
    assertThatThrownBy(running::answer).hasCauseInstanceOf(NaruException.class);
  }

  @Test
  void whoSteppedBackGoesOnWhenTheOneWhoWaitedNeedsNoLook() throws Exception {
    CountDownLatch goOn = new CountDownLatch(1);
    Asked first = ask(() -> looks.now(Set.of(TWO), about -> after(goOn, about)));
    Asked background = ask(() -> looks.whileNobodyWaits(Set.of(THREE), this::seen));
    Asked shares = ask(() -> looks.now(Set.of(TWO), this::seenAtOnce));
    goOn.countDown();
    assertThat(first.answer()).isEqualTo("[node2]");
    assertThat(shares.answer()).isEqualTo("[node2]");
    assertThat(background.answer()).startsWith("[");
  }

  private record Asked(FutureTask<String> task) {
    String answer() throws Exception {
      return task.get(20, TimeUnit.SECONDS);
    }
  }

  /** Asks in another thread, and returns when that waits. */
  private static Asked ask(Callable<String> question) {
    FutureTask<String> task = new FutureTask<>(question);
    Thread thread = Thread.startVirtualThread(task);
    await().until(() -> task.isDone() || thread.getState() == Thread.State.WAITING);
    return new Asked(task);
  }

  private String seen(Set<NodeName> about) {
    String what = new TreeSet<>(about).toString();
    seen.add(what);
    return what;
  }

  private String seenAtOnce(Set<NodeName> about) {
    String what = "at once " + new TreeSet<>(about);
    seen.add(what);
    return what;
  }

  private String after(CountDownLatch goOn, Set<NodeName> about) {
    try {
      goOn.await();
    } catch (InterruptedException stop) {
      throw Rest.brokenOff(stop, "broken off");
    }
    return seen(about);
  }
}
