package io.naru.core.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PathJudgeTest {
  private static final PathId PATH =
      new PathId(new NodeName("node1"), new NodeName("node2"), Transport.VXLAN);
  private static final ProbeTiming TIMING = ProbeTiming.forPaths(1, 200);
  private static final OtherEnd ASKED =
      new OtherEnd(ChannelState.OPEN, "", false, true, Optional.empty());

  private final SentProbes sent = new SentProbes();
  private long now;
  private long nextId;

  @BeforeEach
  void start() {
    now = 1_000_000_000_000L;
  }

  private interface Fabric {
    boolean passes(ProbeSize size, int round);
  }

  /** Rounds of probes through a fabric; both taps of the sender are open. */
  private void rounds(int count, Fabric fabric) {
    for (int round = 0; round < count; round++) {
      for (ProbeSize size : ProbeSize.values()) {
        long id = nextId++;
        sent.sent(id, size, now);
        sent.seen(id, PathTap.SENDER_VTEP);
        sent.seen(id, PathTap.SENDER_NIC);
        if (fabric.passes(size, round)) {
          sent.acknowledged(id);
        }
      }
      now += TIMING.interval().toNanos();
      sent.forget(TIMING, now);
    }
  }

  private PathVerdict judge(OtherEnd other) {
    now += TIMING.deadline().toNanos();
    return PathJudge.outgoing(
        PATH, sent.fate(TIMING, OptionalLong.empty(), now), other, 1450, TIMING);
  }

  private static OtherEnd silent() {
    return new OtherEnd(ChannelState.SILENT, "", false, false, Optional.empty());
  }

  private static OtherEnd told(ChannelState channel, PathState state, String lastSeen) {
    return new OtherEnd(
        channel,
        "",
        false,
        false,
        Optional.of(
            new PathNotice(
                PATH,
                PATH.to(),
                state,
                "probes of both sizes arrive",
                Optional.ofNullable(lastSeen),
                Optional.empty(),
                Instant.EPOCH,
                Instant.EPOCH)));
  }

  @Test
  void aPathIsUnknownUntilAProbeCameBackOrIsOverdue() {
    sent.sent(1, ProbeSize.SMALL, now);
    assertThat(
            PathJudge.outgoing(
                    PATH, sent.fate(TIMING, OptionalLong.empty(), now), ASKED, 1450, TIMING)
                .state())
        .isEqualTo(PathState.UNKNOWN);
  }

  @Test
  void acknowledgedProbesMakeAPathHealthy() {
    rounds(10, (size, round) -> true);
    assertThat(judge(ASKED).state()).isEqualTo(PathState.HEALTHY);
  }

  @Test
  void threeSmallOnesLostInARowBreakIt() {
    rounds(10, (size, round) -> round < 7);
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.state()).isEqualTo(PathState.BROKEN);
    assertThat(verdict.lastSeen()).contains(PathTap.SENDER_NIC);
    assertThat(verdict.notSeen()).contains(PathTap.RECEIVER_NIC);
  }

  @Test
  void theFarthestTapOfEitherEndIsWhereItWasLastSeen() {
    rounds(4, (size, round) -> false);
    sent.seen(nextId - 2, PathTap.RECEIVER_NIC);
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.lastSeen()).contains(PathTap.RECEIVER_NIC);
    assertThat(verdict.notSeen()).contains(PathTap.RECEIVER_VTEP);
  }

  @Test
  void aHoleForLargePacketsDegradesIt() {
    rounds(10, (size, round) -> size == ProbeSize.SMALL);
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.state()).isEqualTo(PathState.DEGRADED);
    assertThat(verdict.reason()).contains("1450 bytes");
    assertThat(verdict.smallPass()).isTrue();
    assertThat(verdict.lastSeen()).contains(PathTap.SENDER_NIC);
  }

  @Test
  void aFifthLostDegradesIt() {
    rounds(14, (size, round) -> (round * 2 + (size == ProbeSize.FULL ? 1 : 0)) % 5 != 0);
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.state()).isEqualTo(PathState.DEGRADED);
    assertThat(verdict.reason()).containsPattern("loses \\d+ %");
    assertThat(verdict.smallPass()).isFalse();
  }

  @Test
  void anOutageThatIsOverIsNotTakenForLoss() {
    rounds(10, (size, round) -> round < 2 || round > 6);
    assertThat(judge(ASKED).state()).isEqualTo(PathState.HEALTHY);
  }

  @Test
  void anOutageIsNotTakenForLossEitherWhileItLeavesTheWindow() {
    rounds(5, (size, round) -> false);
    List<PathState> states = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      rounds(1, (size, round) -> true);
      states.add(
          PathJudge.outgoing(
                  PATH, sent.fate(TIMING, OptionalLong.empty(), now), ASKED, 1450, TIMING)
              .state());
    }
    assertThat(states.subList(states.indexOf(PathState.HEALTHY), states.size()))
        .containsOnly(PathState.HEALTHY);
  }

  @Test
  void theFirstProbeAfterAnOutageDoesNotYetMakeThePathHealthy() {
    rounds(10, (size, round) -> round < 2 || round > 8);
    assertThat(judge(ASKED).state()).isEqualTo(PathState.DEGRADED);
  }

  @Test
  void someLostInARowDoNotHideWhatElseGetsLost() {
    // Every third round is lost, and three of them in a row.
    rounds(14, (size, round) -> round % 3 != 0 && (round < 6 || round > 8));
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.state()).isEqualTo(PathState.DEGRADED);
    assertThat(verdict.reason()).containsPattern("loses \\d+ %");
  }

  @Test
  void anOutageTakesTheProbesOfBothSizesAtItsEdges() {
    // In each outage three small ones are lost and, of the large ones, those of two rounds.
    rounds(
        14,
        (size, round) -> {
          int since = round % 6;
          return size == ProbeSize.SMALL ? since >= 3 : since == 0 || since >= 3;
        });
    assertThat(judge(ASKED).state()).isEqualTo(PathState.HEALTHY);
  }

  @Test
  void oneProbeLostInAWindowIsNoise() {
    rounds(14, (size, round) -> round != 5 || size == ProbeSize.SMALL);
    assertThat(judge(ASKED).state()).isEqualTo(PathState.HEALTHY);
  }

  @Test
  void whatTheOtherEndSaysInTheStoreCountsWhereItCannotAnswer() {
    rounds(5, (size, round) -> false);
    PathVerdict well = judge(told(ChannelState.SILENT, PathState.HEALTHY, null));
    assertThat(well.state()).isEqualTo(PathState.HEALTHY);
    assertThat(well.reason()).contains("through the store").contains("channel is closed");
    PathVerdict broken = judge(told(ChannelState.SILENT, PathState.BROKEN, "node2/vtep"));
    assertThat(broken.state()).isEqualTo(PathState.BROKEN);
    assertThat(broken.lastSeen()).contains(PathTap.RECEIVER_VTEP);
  }

  @Test
  void aPeerWhoseAgentIsDownLeavesThePathUnknownNotBroken() {
    rounds(8, (size, round) -> false);
    OtherEnd down = new OtherEnd(ChannelState.REFUSED, "", false, false, Optional.empty());
    PathVerdict verdict = judge(down);
    assertThat(verdict.state()).isEqualTo(PathState.UNKNOWN);
    assertThat(verdict.notSeen()).isEmpty();
  }

  @Test
  void totalSilenceIsBrokenButNoPlaceBeyondOurOwnTapsIsClaimed() {
    rounds(8, (size, round) -> false);
    PathVerdict verdict = judge(silent());
    assertThat(verdict.state()).isEqualTo(PathState.BROKEN);
    assertThat(verdict.lastSeen()).contains(PathTap.SENDER_NIC);
    assertThat(verdict.notSeen()).isEmpty();
  }

  @Test
  void anEndThatCannotSpeakNowIsGivenTimeToSpeakThroughTheStore() {
    rounds(10, (size, round) -> round < 6);
    assertThat(judge(silent()).state()).isEqualTo(PathState.HEALTHY);
    assertThat(judge(ASKED).state()).isEqualTo(PathState.BROKEN);
  }

  @Test
  void itsOwnProbesCanSayThatOursDoNotArrive() {
    rounds(5, (size, round) -> false);
    OtherEnd hears = new OtherEnd(ChannelState.SILENT, "", true, false, Optional.empty());
    assertThat(judge(hears).notSeen()).contains(PathTap.RECEIVER_NIC);
  }

  @Test
  void aKernelThatRefusesToSendIsNamed() {
    for (int i = 0; i < 4; i++) {
      sent.sent(i, ProbeSize.SMALL, now);
      sent.refused("operation not permitted");
      now += TIMING.interval().toNanos();
    }
    PathVerdict verdict = judge(ASKED);
    assertThat(verdict.reason()).contains("operation not permitted");
    assertThat(verdict.notSeen()).contains(PathTap.SENDER_VTEP);
  }

  @Test
  void theReceiverMissesProbesOfAPeerThatLives() {
    ReceivedProbes received = new ReceivedProbes(now);
    assertThat(incoming(received, ASKED).state()).isEqualTo(PathState.UNKNOWN);
    now += 10_000_000_000L;
    assertThat(incoming(received, ASKED).state()).isEqualTo(PathState.BROKEN);
    assertThat(incoming(received, ASKED).notSeen()).contains(PathTap.RECEIVER_NIC);
    received.seen(PathTap.RECEIVER_NIC, now);
    assertThat(incoming(received, ASKED).notSeen()).contains(PathTap.RECEIVER_VTEP);
    received.delivered(1, ProbeSize.SMALL, now);
    assertThat(incoming(received, ASKED).state()).isEqualTo(PathState.DEGRADED);
    received.delivered(2, ProbeSize.FULL, now);
    assertThat(incoming(received, ASKED).state()).isEqualTo(PathState.HEALTHY);
  }

  private PathVerdict incoming(ReceivedProbes received, OtherEnd other) {
    return PathJudge.incoming(
        PATH, received.arrivals(TIMING, OptionalLong.empty(), now), other, true, 1450);
  }
}
