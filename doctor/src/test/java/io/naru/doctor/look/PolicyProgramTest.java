package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.doctor.peer.PodTrial;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A pod without an answer whose link has programs of somebody's network policy. */
class PolicyProgramTest {
  private static final AttachedProgram CALICO =
      new AttachedProgram("cali12ab", "tcx ingress program", "cali_tc_main");

  private static PodTrial trial(boolean answered) {
    return new PodTrial(
        IpAddress.parse("10.244.1.10"),
        IpAddress.parse("10.244.2.0"),
        IpAddress.parse("10.244.2.10"),
        true,
        answered,
        1450,
        answered);
  }

  @Test
  void aProgramThatSeesEachPacketOfThePodLeavesItOpen() {
    assertThat(PodTrials.policyIn(trial(false), List.of(CALICO)))
        .hasValueSatisfying(
            sentence ->
                assertThat(sentence)
                    .contains("10.244.1.10", "tcx ingress program cali_tc_main on cali12ab"));
  }

  @Test
  void elseNothingIsLeftOpen() {
    assertThat(PodTrials.policyIn(trial(true), List.of(CALICO))).isEmpty();
    assertThat(PodTrials.policyIn(trial(false), List.of())).isEmpty();
  }
}
