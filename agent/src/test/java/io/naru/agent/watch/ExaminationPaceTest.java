package io.naru.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.cluster.NodeName;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ExaminationPaceTest {
  private static final NodeName PEER = new NodeName("node2");
  private static final long SECOND = 1_000_000_000L;

  private final ExaminationPace pace = new ExaminationPace();

  @Test
  void troubleIsExaminedWhenItLastsAndThenEverMoreRarely() {
    assertThat(pace.due(Set.of(PEER), 0)).isEmpty();
    assertThat(pace.due(Set.of(PEER), 3 * SECOND)).containsExactly(PEER);
    assertThat(pace.due(Set.of(PEER), 62 * SECOND)).isEmpty();
    assertThat(pace.due(Set.of(PEER), 63 * SECOND)).containsExactly(PEER);
    assertThat(pace.due(Set.of(PEER), 300 * SECOND)).isEmpty();
    assertThat(pace.due(Set.of(PEER), 363 * SECOND)).containsExactly(PEER);
  }

  @Test
  void whatPassesByItselfIsNot() {
    assertThat(pace.due(Set.of(PEER), 0)).isEmpty();
    assertThat(pace.due(Set.of(), SECOND)).isEmpty();
    assertThat(pace.due(Set.of(PEER), 3 * SECOND)).isEmpty();
  }

  @Test
  void newTroubleBeginsAnew() {
    pace.due(Set.of(PEER), 0);
    pace.due(Set.of(PEER), 3 * SECOND);
    pace.due(Set.of(), 20 * SECOND);
    pace.due(Set.of(PEER), 30 * SECOND);
    assertThat(pace.due(Set.of(PEER), 33 * SECOND)).containsExactly(PEER);
  }

  @Test
  void manyPeersAreExaminedAFewAtATime() {
    Set<NodeName> many =
        IntStream.range(0, 100)
            .mapToObj(i -> new NodeName("node" + i))
            .collect(Collectors.toUnmodifiableSet());
    pace.due(many, 0);
    Set<NodeName> first = pace.due(many, 3 * SECOND);
    assertThat(first).hasSize(8);
    assertThat(pace.due(many, 4 * SECOND)).isEmpty();
    assertThat(pace.due(many, 13 * SECOND)).hasSize(8).doesNotContainAnyElementsOf(first);
  }

  @Test
  void anExaminationThatWasBrokenOffComesSoonAgain() {
    pace.due(Set.of(PEER), 0);
    pace.due(Set.of(PEER), 3 * SECOND);
    pace.notYet(Set.of(PEER), 3 * SECOND);
    assertThat(pace.due(Set.of(PEER), 13 * SECOND)).containsExactly(PEER);
    assertThat(pace.due(Set.of(PEER), 73 * SECOND)).containsExactly(PEER);
  }
}
