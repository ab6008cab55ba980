package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.List;

/** What two nodes saw of each other, and what is said of it. */
abstract class TwoNodes {
  final ObservedNode one = new ObservedNode("node1");
  final ObservedNode two = new ObservedNode("node2");

  final void tunnelIsLostBetween(String channel, Boolean otherUdp) {
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/nic", "node2/nic")
        .well("node2", "node1")
        .peer("node2", channel, otherUdp);
    two.word("node1", "node2", PathState.BROKEN, "no probe arrives from node1", null, "node2/nic")
        .well("node2", "node1")
        .peer("node1", channel, otherUdp);
  }

  final void tunnelIsLostInsideTheReceiver() {
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node2/nic", "node2/vtep")
        .peer("node2", "open", true);
  }

  final void largePacketsAreLost() {
    one.word(
            "node1",
            "node2",
            PathState.DEGRADED,
            "small packets pass, packets of 1450 bytes do not",
            "node1/nic",
            "node2/nic")
        .peer("node2", "open", true);
  }

  final DoctorReport report() {
    return Diagnosis.of(List.of(one.evidence(), two.evidence()), List.of());
  }

  final Verdict only() {
    List<Verdict> verdicts = report().verdicts();
    assertThat(verdicts).hasSize(1);
    return verdicts.getFirst();
  }
}
