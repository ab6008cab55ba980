package io.naru.agent.loop;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.state.Plan;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RetryPaceTest {
  private static final Duration FULL = Duration.ofMinutes(1);

  private final RetryPace pace = new RetryPace(FULL);

  private static Pass pass(boolean momentary, String... problems) {
    return new Pass(
        Optional.empty(),
        new Plan(List.of()),
        0,
        List.of(problems),
        PassTiming.NONE,
        momentary,
        Map.of());
  }

  @Test
  void whatIsWellWaitsForTheFullComparison() {
    assertThat(pace.after(pass(false))).isEqualTo(FULL);
  }

  @Test
  void whatFailsAgainAndAgainIsTriedLessAndLessOften() {
    assertThat(pace.after(pass(false, "a"))).isEqualTo(Duration.ofMillis(500));
    assertThat(pace.after(pass(false, "a"))).isEqualTo(Duration.ofSeconds(1));
    for (int i = 0; i < 10; i++) {
      pace.after(pass(false, "a"));
    }
    assertThat(pace.after(pass(false, "a"))).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void anotherFailureIsTriedSoonWhateverFailsForLong() {
    for (int i = 0; i < 10; i++) {
      pace.after(pass(false, "a"));
    }
    assertThat(pace.after(pass(false, "a", "b"))).isEqualTo(Duration.ofMillis(500));
  }

  @Test
  void aMomentIsShortAndDoesNotLastForEver() {
    Duration waited = Duration.ZERO;
    Duration next = pace.after(pass(true, "a"));
    while (next.compareTo(Duration.ofMillis(100)) < 0) {
      waited = waited.plus(next);
      next = pace.after(pass(true, "a"));
    }
    assertThat(waited).isBetween(Duration.ofMillis(300), Duration.ofSeconds(1));
  }
}
