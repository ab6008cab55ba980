package io.naru.doctor.peer;

import static io.naru.doctor.peer.TwoNodes.SENT;
import static io.naru.doctor.peer.TwoNodes.address;
import static io.naru.doctor.peer.TwoNodes.only;
import static io.naru.doctor.peer.TwoNodes.report;
import static io.naru.doctor.peer.TwoNodes.tunnel;
import static io.naru.doctor.peer.TwoNodes.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.doctor.peer.TwoNodes.Sight;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pods' own packets on two of Flannel's nodes whose pings all pass. */
class PodTrialsTest {
  private static PodTrial trial(boolean small, int size, boolean large) {
    return new PodTrial(
        address("10.244.1.10"),
        address("10.244.2.0"),
        address("10.244.2.10"),
        true,
        small,
        size,
        large);
  }

  private static RuleDrop drop(String chain) {
    return new RuleDrop(
        chain, "through", "drop", Optional.of("7"), "10.244.1.10", "10.244.2.10", List.of());
  }

  private static DoctorReport withPods(PodTrial trial, RuleDrop drop) {
    return report(
        new Sight(1, "nic", SENT, SENT, false).look(tunnel(1), trial, drop),
        new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s"));
  }

  @Test
  void aRuleThatDropsPodsPacketsIsNamedThoughTheNodesPass() {
    Verdict verdict = only(withPods(trial(false, 1450, true), drop("inet own forward")));
    assertThat(verdict.fault()).isEqualTo("forward-drop");
    assertThat(verdict.title()).isEqualTo("node1 drops pods' packets: inet own forward: drop");
    assertThat(verdict.pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(verdict.remedy().getFirst().command())
        .isEqualTo("nft delete rule inet own forward handle 7");
  }

  @Test
  void whatANetworkPolicyDropsIsNoFault() {
    DoctorReport report = withPods(trial(false, 1450, true), drop("ip filter KUBE-POD-FW-ABC"));
    assertThat(report.healthy()).isTrue();
    assertThat(report.notExamined().toString()).contains("a network policy drops them");
  }

  private static DoctorReport unanswered(TrialSighting... there) {
    return report(
        with(
            new Sight(1, "nic", SENT, SENT, false).look(tunnel(1), "s"),
            "podTrials",
            List.of(trial(false, 1450, true))),
        with(
            new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s"),
            "sightings",
            List.of(there)));
  }

  @Test
  void aPodThatIsSentThePacketsAndDoesNotAnswerIsNoFaultOfItsNode() {
    TrialSighting request = new TrialSighting("10.244.1.10", "10.244.2.10", "veth", false, false);
    TrialSighting answer = new TrialSighting("10.244.1.10", "10.244.2.10", "veth", true, false);
    DoctorReport silent = unanswered(request);
    assertThat(silent.healthy()).isTrue();
    assertThat(silent.notExamined().toString()).contains("no answer comes out of it");
    assertThat(only(unanswered(request, answer)).fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only(unanswered()).fault()).isEqualTo(Verdict.UNEXPLAINED);
  }

  @Test
  void aCounterOfAPolicyThatRoseMeanwhileLeavesItOpen() {
    DoctorReport calico = counted("ip filter cali-tw-cali12ab", "-m comment --comment Drop");
    assertThat(calico.verdicts()).isEmpty();
    assertThat(calico.notExamined().toString()).contains("a network policy may drop them");
    assertThat(counted("ip filter cali-tw-cali12ab", "-p tcp --dport 80").healthy()).isFalse();
    assertThat(counted("ip filter FORWARD", "-p udp").healthy()).isFalse();
  }

  private static DoctorReport counted(String chain, String rule) {
    RuleDrop drop = new RuleDrop(chain, "through", rule, Optional.empty(), "", "");
    return report(
        new Sight(1, "nic", SENT, SENT, false)
            .look(
                tunnel(1),
                trial(false, 1450, true),
                new OtherFilters(
                    List.of(), List.of(new CountedDrop(drop, 3)), List.of(), List.of())),
        new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s"));
  }

  @Test
  void podsThatSendMoreThanTheTunnelCarriesAreNamed() {
    Verdict alone =
        only(
            report(
                new Sight(1, "nic", SENT, SENT, false)
                    .look(
                        tunnel(1),
                        trial(true, 1500, false),
                        new RuleDrop("a b c", "in", "x", Optional.empty(), "", ""))));
    assertThat(alone.fault()).isEqualTo("mtu-pod-too-big");
    assertThat(alone.certainty()).isEqualTo(Certainty.OBSERVED);
  }
}
