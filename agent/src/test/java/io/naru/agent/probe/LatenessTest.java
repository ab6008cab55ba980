package io.naru.agent.probe;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenessTest {
  private long now = Long.MAX_VALUE - 1000; // a monotonic clock may pass its end
  private final Lateness lateness = new Lateness(() -> now);

  private boolean roundAfter(long millis) {
    now += Duration.ofMillis(millis).toNanos();
    return lateness.round();
  }

  private void inTimeFor(Duration duration) {
    for (long round = 0; round < duration.dividedBy(Lateness.ROUND); round++) {
      assertThat(roundAfter(Lateness.ROUND.toMillis())).isFalse();
    }
  }

  @Test
  void whoIsInTimeOrALittleLateIsNotLate() {
    assertThat(roundAfter(50)).isFalse();
    assertThat(roundAfter(540)).isFalse();
    assertThat(lateness.isLate()).isFalse();
  }

  @Test
  void whoWasLateIsLateUntilItWasInTimeForAWhile() {
    assertThat(roundAfter(600)).isTrue();
    inTimeFor(Duration.ofMillis(4900));
    assertThat(lateness.isLate()).isTrue();
    assertThat(roundAfter(600)).as("still the same lateness").isFalse();
    inTimeFor(Duration.ofMillis(5050));
    assertThat(lateness.isLate()).isFalse();
    assertThat(roundAfter(600)).as("another one").isTrue();
  }

  @Test
  void whoIsAlwaysLateIsTakenAtItsWord() {
    int rounds = 0;
    for (assertThat(roundAfter(1000)).isTrue(); lateness.isLate(); rounds++) {
      assertThat(roundAfter(1000)).isFalse();
    }
    assertThat(rounds).isEqualTo(300);
    inTimeFor(Duration.ofSeconds(6));
    assertThat(roundAfter(1000)).isTrue();
    assertThat(lateness.isLate()).isTrue();
  }
}
