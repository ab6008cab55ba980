package io.naru.bench;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.bench.Rounds.Result;
import org.junit.jupiter.api.Test;

class GoalTest {
  private static Result result(double value) {
    return new Result("mine", value, 1, value, value, value);
  }

  @Test
  void aFactorOfAnotherRowIsReachedOrNot() {
    Goal goal = Goal.atLeast(1.1, "other");

    assertThat(goal.of(result(22.0), 20.0, "s").met()).isTrue();
    assertThat(goal.of(result(21.9), 20.0, "s").met()).isFalse();
    assertThat(goal.of(result(21.0), 20.0, "s").sentence())
        .isEqualTo("NOT MET: mine is 1.05 times other; the goal is at least 1.10");
  }

  @Test
  void aNumberMayNotBeExceeded() {
    assertThat(Goal.atMost(3).of(result(3.0), Double.NaN, "s").met()).isTrue();
    assertThat(Goal.atMost(3).of(result(3.1), Double.NaN, "s").sentence())
        .isEqualTo("NOT MET: mine is 3.10 s; the goal is at most 3.00");
  }

  @Test
  void whatShallNeverHappenIsToldOfTheWorstRound() {
    Result once = new Result("mine", 0, Double.NaN, 0, 2, 2);

    assertThat(Goal.neverAbove(0).of(result(0), Double.NaN, "lost").met()).isTrue();
    assertThat(Goal.neverAbove(0).of(once, Double.NaN, "lost").sentence())
        .isEqualTo("NOT MET: mine is 2.00 lost; the goal is at most 0.00 in every round");
  }

  @Test
  void whatWasNotMeasuredIsNotMet() {
    assertThat(Goal.atMost(0.5, "other").of(Result.missing("mine"), 1, "s").met()).isFalse();
  }
}
