package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.core.probe.TrainKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What trains of packets tell of a path whose single probes arrive, or most of them. */
class TrainsTest {
  private final List<TrainCount> sent = new ArrayList<>();
  private final List<TrainCount> received = new ArrayList<>();
  private PathState state = PathState.HEALTHY;
  private String reason = "probes of both sizes arrive";
  private @Nullable String lastSeen;

  private void train(TrainKind kind, int arrived, long milliseconds) {
    train(kind, arrived, milliseconds, TrainKind.FLOW_COUNT, 0);
  }

  private void train(TrainKind kind, int arrived, long milliseconds, int whole, int silent) {
    int packets = kind.packets();
    long took = kind.duration().toMillis();
    sent.add(count(kind, packets, packets, took, 1450, 32, 0));
    received.add(count(kind, 0, arrived, milliseconds, 1450, whole, silent));
  }

  private static TrainCount count(
      TrainKind kind, int sent, int seen, long took, int largest, int whole, int silent) {
    String run = kind.toString();
    return new TrainCount(
        run, "node1", "node2", "vxlan", "IPv4", kind, sent, seen, seen, took, largest, whole,
        silent);
  }

  private void allWell() {
    train(TrainKind.STEADY, 30, 1450);
    train(TrainKind.SMALL_BURST, 150, 100);
    train(TrainKind.FULL_BURST, 150, 104);
    train(TrainKind.FLOWS, 96, 290);
  }

  private NodeEvidence node(String name, List<TrainCount> trains) {
    ObservedNode node =
        new ObservedNode(name)
            .word("node1", "node2", state, reason, lastSeen, null)
            .well("node2", "node1");
    node.trains.addAll(trains);
    return node.evidence();
  }

  private DoctorReport report() {
    return Diagnosis.of(List.of(node("node1", sent), node("node2", received)), List.of());
  }

  private Verdict only() {
    assertThat(report().verdicts()).hasSize(1);
    return report().verdicts().getFirst();
  }

  @Test
  void trainsThatArriveSayNothing() {
    allWell();
    assertThat(report().healthy()).isTrue();
  }

  @Test
  void lossThatIsOverIsMentionedAndNoVerdict() {
    state = PathState.DEGRADED;
    reason = "loses 6 % of the probes";
    allWell();
    assertThat(report().healthy()).isTrue();
    assertThat(report().examined().getLast())
        .isEqualTo(
            "node1 → node2 (loses 6 % of the probes of the last seconds,"
                + " and of 426 packets now it lost none)");
  }

  @Test
  void lossIsOverOnlyWhenTrainsOfEveryKindArrivedWhole() {
    state = PathState.DEGRADED;
    reason = "loses 6 % of the probes";
    train(TrainKind.STEADY, 30, 1450);
    train(TrainKind.SMALL_BURST, 150, 100);
    train(TrainKind.FULL_BURST, 150, 104);
    assertThat(only().fault()).isEqualTo("underlay-loss");
    train(TrainKind.FLOWS, 95, 290);
    assertThat(only().fault()).isEqualTo("underlay-loss");
  }

  @Test
  void whatIsLostBehindTheTrainsLastTapIsNotOver() {
    state = PathState.DEGRADED;
    reason = "loses 6 % of the probes";
    lastSeen = "node2/vtep";
    allWell();
    assertThat(report().healthy()).isFalse();
  }

  @Test
  void theNoiseOfABusyMachineIsNoVerdict() {
    train(TrainKind.STEADY, 30, 1520);
    train(TrainKind.SMALL_BURST, 144, 190);
    train(TrainKind.FULL_BURST, 139, 230);
    train(TrainKind.FLOWS, 94, 400, 30, 0);
    assertThat(report().healthy()).isTrue();
  }

  @Test
  void smallPacketsLostInABurstAloneArePoliced() {
    train(TrainKind.STEADY, 12, 1450);
    train(TrainKind.SMALL_BURST, 4, 80);
    train(TrainKind.FULL_BURST, 3, 90);
    train(TrainKind.FLOWS, 10, 280, 0, 22);
    assertThat(only().fault()).isEqualTo("underlay-policed");
    assertThat(only().title()).contains("however small");
    assertThat(only().state()).isEqualTo(PathState.DEGRADED);
    assertThat(only().pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(only().lastSeen()).contains("node1/nic");
    assertThat(only().notSeen()).contains("node2/nic");
  }

  @Test
  void largePacketsLostInABurstArePolicedByBytes() {
    train(TrainKind.STEADY, 30, 1450);
    train(TrainKind.SMALL_BURST, 150, 100);
    train(TrainKind.FULL_BURST, 50, 101);
    train(TrainKind.FLOWS, 96, 290);
    assertThat(only().fault()).isEqualTo("underlay-policed");
    assertThat(only().title()).contains("large packets");
  }

  @Test
  void largePacketsLostInABurstAndLateAreShaped() {
    train(TrainKind.STEADY, 28, 1450);
    train(TrainKind.SMALL_BURST, 150, 100);
    train(TrainKind.FULL_BURST, 65, 390);
    train(TrainKind.FLOWS, 96, 290);
    assertThat(only().fault()).isEqualTo("underlay-shaped");
    assertThat(only().title()).contains("1.9 Mbit/s");
  }

  @Test
  void alsoAShaperWhoseQueueTakesAll() {
    train(TrainKind.STEADY, 30, 1450);
    train(TrainKind.SMALL_BURST, 150, 101);
    train(TrainKind.FULL_BURST, 150, 420);
    train(TrainKind.FLOWS, 96, 290);
    assertThat(only().fault()).isEqualTo("underlay-shaped");
    assertThat(only().lastSeen()).isEmpty();
  }

  @Test
  void lossAtAnyRateIsLoss() {
    train(TrainKind.STEADY, 24, 1450);
    train(TrainKind.SMALL_BURST, 121, 100);
    train(TrainKind.FULL_BURST, 118, 101);
    train(TrainKind.FLOWS, 77, 290, 16, 0);
    assertThat(only().fault()).isEqualTo("underlay-loss");
    assertThat(only().ruledOut()).anyMatch(text -> text.contains("policer"));
    assertThat(only().notChecked()).isEmpty();
  }

  @Test
  void flowsThatLoseAllBesideFlowsThatLoseNothingHaveADeadMember() {
    train(TrainKind.STEADY, 30, 1450);
    train(TrainKind.SMALL_BURST, 150, 100);
    train(TrainKind.FULL_BURST, 150, 101);
    train(TrainKind.FLOWS, 72, 290, 24, 8);
    assertThat(only().fault()).isEqualTo("underlay-flow-loss");
  }

  @Test
  void alsoWhereTheProbesTakeTheDeadOne() {
    state = PathState.BROKEN;
    reason = "no probe arrives";
    train(TrainKind.STEADY, 0, 0);
    train(TrainKind.FLOWS, 72, 290, 24, 8);
    assertThat(only().fault()).isEqualTo("underlay-flow-loss");
  }

  @Test
  void whereTheSlowTrainIsLostTooTheFastOnesSayNothing() {
    train(TrainKind.STEADY, 0, 0);
    train(TrainKind.SMALL_BURST, 0, 0);
    assertThat(report().healthy()).isTrue();
  }

  @Test
  void theLargestSizeThatArrivesIsTheCure() {
    state = PathState.DEGRADED;
    reason = "small packets pass, packets of 1450 bytes do not";
    sent.add(count(TrainKind.SIZES, 300, 300, 300, 1450, 0, 0));
    received.add(count(TrainKind.SIZES, 0, 228, 300, 1378, 0, 0));
    assertThat(only().fault()).isEqualTo("mtu-hole");
    assertThat(only().evidence()).anyMatch(line -> line.contains("1378"));
    assertThat(only().remedy().getFirst().text()).contains("mtu: 1378");
  }
}
