package io.naru.bench;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class GoalTest {
  @Test
  void aFactorOfAnotherRowIsReachedOrNot() {
    Goal goal = Goal.atLeast(1.1, "other");

    assertThat(goal.of("mine", 22.0, 20.0).met()).isTrue();
    assertThat(goal.of("mine", 21.9, 20.0).met()).isFalse();
    assertThat(goal.of("mine", 21.0, 20.0).sentence("s"))
        .isEqualTo("NOT MET: mine is 1.05 times other; the goal is at least 1.10");
  }

  @Test
  void aNumberMayNotBeExceeded() {
    assertThat(Goal.atMost(3).of("lab", 3.0, Double.NaN).met()).isTrue();
    assertThat(Goal.atMost(3).of("lab", 3.1, Double.NaN).sentence("s"))
        .isEqualTo("NOT MET: lab is 3.10 s; the goal is at most 3.00");
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    assertThat(Goal.atMost(0.5, "other").of("mine", Double.NaN, 1).met()).isFalse();
  }
}
