package io.naru.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RoundsTest {
  private final List<String> order = new ArrayList<>();

  private Row row(String name, Double... values) {
    Iterator<Double> next = List.of(values).iterator();
    return new Row(
        name,
        () -> {
          order.add(name);
          return next.next();
        });
  }

  @Test
  void rowsTakeTurnsAndTheFirstRoundDoesNotCount() {
    List<Rounds.Result> results =
        Rounds.run(
            List.of(
                row("a", 900.0, 10.0, 30.0, 20.0, 50.0, 10.0),
                row("b", 900.0, 50.0, 40.0, 10.0, 90.0, 30.0)),
            5,
            Optional.empty(),
            round -> order.add("round " + round));

    assertThat(order)
        .startsWith("round 0", "a", "b", "round 1", "a", "b", "round 2")
        .endsWith("round 5", "a", "b");
    assertThat(results)
        .containsExactly(
            new Rounds.Result("a", 20.0, 1.0, 10.0, 50.0, 50.0),
            new Rounds.Result("b", 40.0, 2.0, 10.0, 90.0, 90.0));
  }

  @Test
  void allRowsTogetherHaveARowOfTheirOwn() {
    List<Rounds.Result> results =
        Rounds.run(
            List.of(
                row("a", 1.0, 1.0, 2.0, 3.0, 4.0, 5.0), row("b", 1.0, 6.0, 7.0, 8.0, 9.0, 99.0)),
            5,
            Optional.of("all"),
            round -> {});
    assertThat(results.getLast())
        .isEqualTo(new Rounds.Result("all", 5.5, 5.5 / 3, 1.0, 99.0, 99.0));
  }

  @Test
  void aPercentileIsOneOfTheValues() {
    double[] hundred = IntStream.rangeClosed(1, 200).asDoubleStream().toArray();
    assertThat(Rounds.percentile(hundred, 99)).isEqualTo(198);
    assertThat(Rounds.percentile(new double[] {7}, 99)).isEqualTo(7);
  }

  @Test
  void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
    assertThat(Rounds.median(new double[] {4, 1, 3, 100})).isEqualTo(3.5);
  }

  @Test
  void refusesTooFewRounds() {
    assertThatThrownBy(() -> Rounds.run(List.of(row("a", 1.0)), 4, Optional.empty(), round -> {}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at least 5 rounds");
  }
}
