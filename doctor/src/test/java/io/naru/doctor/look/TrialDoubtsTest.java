package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.doctor.peer.PodTrial;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which failed trials are the network's. */
class TrialDoubtsTest {
  private static final String POD = "10.244.1.10";
  private static final String BESIDE = "10.244.1.11";
  private static final String TARGET = "10.244.2.10";
  private static final List<TrialSighting> SEEN =
      List.of(new TrialSighting(POD, TARGET, "veth", false, false));

  private static PodTrial trial(String pod, boolean small, boolean large) {
    return new PodTrial(
        IpAddress.parse(pod),
        IpAddress.parse("10.244.2.0"),
        IpAddress.parse(TARGET),
        true,
        small,
        1450,
        large);
  }

  @Test
  void whatDoesNotComeOutOfThePodIsItsOwnAffair() {
    PodTrial failed = trial(POD, false, true);
    TrialSighting elsewhere = new TrialSighting(POD, TARGET, "nic", false, false);
    assertThat(new TrialDoubts(List.of(), List.of(elsewhere)).about(failed).orElseThrow())
        .contains("do not come out of the pod");
    assertThat(new TrialDoubts(List.of(), SEEN).about(failed)).isEmpty();
  }

  @Test
  void onePodAloneIsNotTheNode() {
    PodTrial failed = trial(POD, false, true);
    assertThat(
            new TrialDoubts(List.of(trial(BESIDE, true, true)), SEEN).about(failed).orElseThrow())
        .contains(POD, BESIDE);
    assertThat(new TrialDoubts(List.of(trial(BESIDE, false, true)), SEEN).about(failed)).isEmpty();
    PodTrial large = trial(POD, true, false);
    assertThat(new TrialDoubts(List.of(trial(BESIDE, true, true)), SEEN).about(large)).isPresent();
    assertThat(new TrialDoubts(List.of(trial(BESIDE, true, false)), SEEN).about(large)).isEmpty();
  }

  @Test
  void whatPassesIsNotDoubted() {
    assertThat(new TrialDoubts(List.of(), List.of()).about(trial(POD, true, true))).isEmpty();
  }
}
