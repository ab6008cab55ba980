package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A fault, and what the lists must say of it: exactly the paths that it breaks, where they break,
 * that it hit packets, and that all is well again after it was healed.
 */
final class FaultCase {
  private static final Duration TO_SEE = Duration.ofSeconds(10);

  /** Where some packets are lost and others not is known only after enough of them. */
  private static final Duration TO_SEE_LOSS = Duration.ofSeconds(25);

  private static final Duration TO_HEAL = Duration.ofSeconds(15);

  /** A null place is not compared. */
  private record Expected(String state, String lastSeen, String notSeen) {
    boolean is(PathSight row) {
      return row.state().equals(state)
          && (lastSeen == null || Objects.equals(row.lastSeen(), lastSeen))
          && (notSeen == null || Objects.equals(row.notSeen(), notSeen));
    }
  }

  private final TestLab lab;
  private final String fault;
  private final String from;
  private final String to;
  private final Map<String, Expected> expected = new HashMap<>();

  private FaultCase(TestLab lab, String fault, String from, String to) {
    this.lab = lab;
    this.fault = fault;
    this.from = from;
    this.to = to;
  }

  static FaultCase broken(TestLab lab, String fault, String from, String to) {
    return new FaultCase(lab, fault, from, to);
  }

  FaultCase expect(String state, String from, String to, String lastSeen, String notSeen) {
    expected.put(from + ">" + to, new Expected(state, lastSeen, notSeen));
    return this;
  }

  /** Injects, waits for the word, looks closer while the fault stands, heals, waits again. */
  void run(Runnable whileItStands) {
    Progress.say("%s from %s to %s".formatted(fault, from, to));
    List<PathSight> wronglyIll = new ArrayList<>();
    lab.breakPath(fault, from, to);
    try {
      TestLab.within(fault.equals("underlay-loss") ? TO_SEE_LOSS : TO_SEE)
          .untilAsserted(
              () -> {
                List<PathSight> rows = lab.paths();
                wronglyIll.addAll(
                    PathSight.where(
                        rows,
                        row ->
                            !expected.containsKey(row.direction())
                                && !row.state().equals("healthy")));
                assertThat(rows)
                    .filteredOn(row -> expected.containsKey(row.direction()))
                    .hasSize(expected.size())
                    .allMatch(row -> expected.get(row.direction()).is(row), expected.toString());
              });
      whileItStands.run();
      assertThat(wronglyIll).as("paths that the fault does not touch").isEmpty();
      assertThat(lab.hits(fault)).isPositive();
    } finally {
      lab.heal();
    }
    Progress.say("%s is seen; healed".formatted(fault));
    lab.awaitAllHealthy(TO_HEAL);
  }
}
