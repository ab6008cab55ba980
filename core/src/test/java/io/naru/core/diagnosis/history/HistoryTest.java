package io.naru.core.diagnosis.history;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.history.HistoryEntry.Kind;
import io.naru.core.path.PathState;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HistoryTest {
  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final NodePair THERE = new NodePair("node1", "node2");
  private static final NodePair BACK = new NodePair("node2", "node1");

  private static Verdict verdict(String fault, NodePair... pairs) {
    return new Verdict(
        Verdict.code(fault),
        fault,
        PathState.BROKEN,
        "a title",
        List.of(pairs),
        Optional.of("node1/nic"),
        Optional.of("node2/nic"),
        Certainty.OBSERVED,
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static Instant after(int seconds) {
    return NOON.plusSeconds(seconds);
  }

  @Test
  void aVerdictThatLastsIsToldOnceWithItsBeginning() {
    History history =
        History.empty()
            .with(verdict("mtu-hole", THERE), NOON)
            .with(verdict("mtu-hole", THERE, BACK), after(60));
    assertThat(history.entries()).hasSize(1);
    HistoryEntry entry = history.entries().getFirst();
    assertThat(entry.since()).isEqualTo(NOON);
    assertThat(entry.until()).isEmpty();
    assertThat(entry.times()).isEqualTo(2);
    assertThat(entry.pairs()).containsExactly(THERE, BACK);
    assertThat(entry.place()).contains("node1/nic ✗ node2/nic");
  }

  @Test
  void anotherCauseIsAnotherEntry() {
    History history =
        History.empty()
            .with(verdict("mtu-hole", THERE), NOON)
            .with(verdict("underlay-loss", THERE), after(5));
    assertThat(history.entries())
        .extracting(HistoryEntry::code)
        .containsExactly("NARU-MTU-HOLE", "NARU-UNDERLAY-LOSS");
  }

  @Test
  void whenNoDirectionIsInTroubleItIsOverAndTheNextOneIsNew() {
    History history =
        History.empty()
            .with(verdict("mtu-hole", THERE), NOON)
            .withoutTrouble(Set.of(THERE), after(10))
            .withoutTrouble(Set.of(BACK), after(20))
            .withoutTrouble(Set.of(), after(30))
            .with(verdict("mtu-hole", THERE), after(40));
    assertThat(history.entries()).hasSize(2);
    assertThat(history.entries().getFirst().until()).contains(after(20));
    assertThat(history.entries().getLast().until()).isEmpty();
  }

  @Test
  void aRepairIsAnEventThatIsOverAtOnce() {
    Drift drift = new Drift("fdb-missing", "+ fdb …", Optional.of("node2"));
    History history =
        History.empty()
            .withRepairs("node1", List.of(drift), NOON)
            .withRepairs("node1", List.of(drift), after(2))
            .withRepairs("node1", List.of(drift), after(600));
    assertThat(history.entries()).hasSize(2).allMatch(entry -> entry.kind() == Kind.REPAIR);
    assertThat(history.entries().getFirst().times()).isEqualTo(2);
    assertThat(history.entries().getFirst().until()).contains(after(2));
    assertThat(history.entries().getFirst().title()).contains("node1", "node2");
  }

  @Test
  void theOldestAreForgotten() {
    History history = History.empty();
    for (int i = 0; i < 300; i++) {
      history =
          history.withRepairs(
              "node1",
              List.of(new Drift("fdb-missing", "+ fdb …", Optional.of("peer" + i))),
              after(i));
    }
    assertThat(history.entries()).hasSize(200);
    assertThat(history.entries().getLast().title()).contains("peer299");
  }
}
