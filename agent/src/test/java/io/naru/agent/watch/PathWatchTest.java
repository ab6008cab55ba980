package io.naru.agent.watch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestEvidence;
import io.naru.agent.probe.JudgedPath;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.path.PathId;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.probe.PathVerdict;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PathWatchTest {
  private static final NodeName SELF = new NodeName("node1");
  private static final NodeName PEER = new NodeName("node2");
  private static final long SECOND = 1_000_000_000L;

  private final AtomicInteger looks = new AtomicInteger();
  private final List<Set<NodeName>> examined = new ArrayList<>();
  private PathState state = PathState.HEALTHY;
  private boolean refused;
  private boolean late;

  private List<JudgedPath> firstAMistakeThenNoPaths() {
    if (looks.incrementAndGet() == 1) {
      throw new IllegalStateException("a mistake");
    }
    return List.of();
  }

  @Test
  void aMistakeInOneLookDoesNotEndTheWatch() {
    try (PathWatch watch =
        new PathWatch(
            SELF,
            this::firstAMistakeThenNoPaths,
            peer -> false,
            () -> false,
            peers -> new ClusterEvidence(List.of(), List.of()),
            InstantSource.system())) {
      watch.start();
      await().until(() -> looks.get() > 1);
    }
  }

  @Test
  void anAgentThatIsGoneComesIntoTheHistoryAndLeavesItWhenItIsBack() {
    try (PathWatch watch = watch()) {
      second(watch, 0);
      state = PathState.UNKNOWN;
      refused = true;
      for (int second = 1; second < 34; second++) {
        second(watch, second);
      }
      assertThat(examined).isEmpty();
      second(watch, 34);
      assertThat(examined).containsExactly(Set.of(PEER));
      assertThat(watch.history())
          .singleElement()
          .satisfies(
              entry -> {
                assertThat(entry.code()).isEqualTo("NARU-AGENT-DOWN");
                assertThat(entry.until()).isEmpty();
              });
      second(watch, 60);
      assertThat(watch.history().getFirst().until()).isEmpty();
      refused = false;
      second(watch, 61);
      assertThat(watch.history().getFirst().until()).isPresent();
    }
  }

  @Test
  void aNewPeerWhoseAgentDoesNotRunYetIsNotExamined() {
    state = PathState.UNKNOWN;
    refused = true;
    try (PathWatch watch = watch()) {
      for (int second = 0; second < 300; second++) {
        second(watch, second);
      }
    }
    assertThat(examined).isEmpty();
  }

  @Test
  void aRefusedChannelIsNoTroubleWhereThePathsAreProved() {
    refused = true;
    try (PathWatch watch = watch()) {
      for (int second = 0; second < 300; second++) {
        second(watch, second);
      }
    }
    assertThat(examined).isEmpty();
  }

  /** Else thousands of looks at paths that are well would keep the host from catching up. */
  @Test
  void nothingIsExaminedWhileThisHostIsLate() {
    state = PathState.BROKEN;
    late = true;
    try (PathWatch watch = watch()) {
      for (int second = 0; second < 40; second++) {
        second(watch, second);
      }
      assertThat(examined).isEmpty();
      late = false;
      for (int second = 40; second < 50; second++) {
        second(watch, second);
      }
      assertThat(examined).containsExactly(Set.of(PEER));
    }
  }

  private PathWatch watch() {
    return new PathWatch(
        SELF,
        () -> List.of(judged(SELF, PEER), judged(PEER, SELF)),
        peer -> refused,
        () -> late,
        peers -> {
          examined.add(peers);
          return new ClusterEvidence(List.of(evidence()), List.of());
        },
        InstantSource.system());
  }

  private static void second(PathWatch watch, int second) {
    watch.look(second * SECOND);
  }

  private JudgedPath judged(NodeName from, NodeName to) {
    return new JudgedPath(
        new PathId(from, to, Transport.VXLAN), true, PathVerdict.of(state, "why"), Instant.EPOCH);
  }

  private static NodeEvidence evidence() {
    return TestEvidence.of(
        SELF,
        List.of(word(SELF, PEER), word(PEER, SELF)),
        List.of(
            new PeerEvidence(
                PEER.text(),
                "192.0.2.2",
                true,
                "refused",
                "",
                Optional.of(true),
                Optional.of(true),
                Optional.of(true),
                Optional.of(true),
                "")));
  }

  private static PathWord word(NodeName from, NodeName to) {
    return new PathWord(
        from.text(),
        to.text(),
        "vxlan",
        true,
        PathState.UNKNOWN,
        "nobody acknowledges the probes",
        false,
        Optional.empty(),
        Optional.empty());
  }
}
