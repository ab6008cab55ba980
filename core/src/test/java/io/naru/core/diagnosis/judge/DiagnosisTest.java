package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.Explanation;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.rule.Rules;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisTest extends TwoNodes {
  private static final String PEER_DROPS = "silent";

  @Test
  void whereAllPathsAreWellNothingIsSaid() {
    one.well("node1", "node2").well("node2", "node1").peer("node2", "open", null);
    two.well("node1", "node2").well("node2", "node1").peer("node1", "open", null);
    assertThat(report().verdicts()).isEmpty();
    assertThat(report().healthy()).isTrue();
    assertThat(report().exitCode()).isZero();
  }

  @Test
  void aClosedPortIsToldFromNoUdpAndFromNoPath() {
    tunnelIsLostBetween("open", true);
    assertThat(only().fault()).isEqualTo("underlay-port-blocked");
    assertThat(only().code()).isEqualTo("NARU-UNDERLAY-PORT-BLOCKED");
    assertThat(only().certainty()).isEqualTo(Certainty.OBSERVED);
    assertThat(only().remedy().getFirst().command())
        .contains("--protocol udp --port 8472 --cidr 192.0.2.1/32");
    assertThat(only().remedy()).anyMatch(remedy -> remedy.text().contains("share a subnet"));
    assertThat(report().exitCode()).isEqualTo(1);

    one.peers.clear();
    two.peers.clear();
    one.peer("node2", "open", false);
    assertThat(only().fault()).isEqualTo("underlay-all-udp-blocked");

    one.peers.clear();
    one.peer("node2", PEER_DROPS, false);
    two.peer("node1", PEER_DROPS, false);
    assertThat(only().fault()).isEqualTo("underlay-no-path");
    assertThat(only().remedy().toString()).contains("--protocol udp").contains("--protocol tcp");
  }

  @Test
  void oneEndAloneNamesBothPortsAndAddresses() {
    one.word("node1", "node2", PathState.BROKEN, "nothing passes", "node1/nic", "node2/nic");
    one.peer("node2", PEER_DROPS, false);
    DoctorReport report = Diagnosis.of(List.of(one.evidence()), List.of("node2 is away"));
    assertThat(report.notExamined()).contains("node2 is away");
    assertThat(report.verdicts()).hasSize(1);
    assertThat(report.verdicts().getFirst().remedy())
        .extracting(Remedy::command)
        .anyMatch(command -> command.contains("udp --port 8472 --cidr 192.0.2.1/32"))
        .anyMatch(command -> command.contains("tcp --port 8472 --cidr 192.0.2.1/32"));
  }

  @Test
  void manyPairsOfOneCauseAreOneVerdict() {
    tunnelIsLostBetween("open", true);
    one.word("node1", "node3", PathState.BROKEN, "no probe arrives", "node1/nic", "node3/nic");
    one.peer("node3", "open", true);
    assertThat(only().pairs())
        .containsExactly(new NodePair("node1", "node2"), new NodePair("node1", "node3"));
  }

  @Test
  void aTracedRuleExplainsWhatIsLostInsideANode() {
    tunnelIsLostInsideTheReceiver();
    two.drops.add(new RuleDrop("inet filter input", "in", "udp drop", Optional.of("7"), "", ""));
    assertThat(only().fault()).isEqualTo("host-input-drop");
    assertThat(only().remedy().getFirst().command())
        .isEqualTo("nft delete rule inet filter input handle 7");
  }

  @Test
  void aRuleThatDropsSomethingElseDoesNotExplainWhatTheUnderlayLoses() {
    tunnelIsLostBetween("open", true);
    two.drops.add(new RuleDrop("inet filter input", "in", "udp drop", Optional.of("7"), "", ""));
    assertThat(only().fault()).isEqualTo("underlay-port-blocked");
  }

  @Test
  void anIcmpErrorNamesTheHop() {
    tunnelIsLostBetween("open", null);
    one.errors.add(new IcmpError("198.51.100.7", "administratively prohibited", "192.0.2.2", 8472));
    assertThat(only().fault()).isEqualTo("underlay-rejected");
    assertThat(only().title()).contains("198.51.100.7");
  }

  @Test
  void anIcmpErrorAboutSomethingElseNamesNoHop() {
    tunnelIsLostBetween("open", true);
    one.errors.add(new IcmpError("198.51.100.7", "administratively prohibited", "192.0.2.2", 25));
    assertThat(only().fault()).isEqualTo("underlay-port-blocked");
  }

  @Test
  void driftCountsOnlyWhereTheAgentIsPaused() {
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/vtep", "node1/nic");
    one.peer("node2", "open", true);
    one.drift.add(new Drift("fdb-missing", "+ fdb aa dev naru-vxlan", Optional.of("node2")));
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(report().exitCode()).isEqualTo(2);
    one.paused = true;
    assertThat(only().fault()).isEqualTo("fdb-missing");
    assertThat(only().remedy()).allMatch(Remedy::safe);
  }

  @Test
  void driftThatNobodyMissedYetIsToldAsWell() {
    one.well("node1", "node2").well("node2", "node1").peer("node2", "open", null);
    one.paused = true;
    one.drift.add(new Drift("ip-forward-off", "~ sysctl", Optional.empty()));
    assertThat(only().fault()).isEqualTo("ip-forward-off");
    assertThat(only().state()).isEqualTo(PathState.BROKEN);
  }

  @Test
  void aRouteThatWasChangedForACheckOfTheWayBackIsNotToldBesideIt() {
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node2/vtep", null);
    one.peer("node2", "open", true);
    two.peer("node1", "open", true);
    two.paused = true;
    two.drift.add(new Drift("route-wrong", "~ route 10.244.1.0/24", Optional.of("node1")));
    two.drift.add(new Drift("rp-filter", "~ sysctl", Optional.empty()));
    assertThat(only().fault()).isEqualTo("rp-filter");
  }

  @Test
  void aMissingEntryExplainsMoreThanTheCheckOfTheWayBack() {
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/vtep", null);
    one.peer("node2", "open", true);
    one.paused = true;
    one.drift.add(new Drift("rp-filter", "~ sysctl", Optional.empty()));
    one.drift.add(new Drift("neigh-missing", "+ neighbour 10.244.2.0", Optional.of("node2")));
    two.peer("node1", "open", true);
    assertThat(report().verdicts().getFirst().fault()).isEqualTo("neigh-missing");
    assertThat(report().verdicts().getFirst().state()).isEqualTo(PathState.BROKEN);
  }

  @Test
  void countersTellWhatTheReceiversKernelDidNotTake() {
    tunnelIsLostInsideTheReceiver();
    two.counters = Map.of("vtep.receiveFrameErrors", 9L);
    assertThat(only().fault()).isEqualTo("outer-ecn-marked");
    two.counters = Map.of("Udp.InCsumErrors", 9L);
    assertThat(only().fault()).isEqualTo("outer-checksum");
    two.counters = Map.of("Udp.NoPorts", 9L);
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    one.errors.add(new IcmpError("192.0.2.2", "port unreachable", "192.0.2.2", 8472));
    assertThat(only().fault()).isEqualTo("port-mismatch");
    one.errors.clear();
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only().lastSeen()).contains("node2/nic");
  }

  @Test
  void headersOfArrivedFramesTellAnotherIdentifierAndCongestion() {
    tunnelIsLostInsideTheReceiver();
    two.frames.add(new TunnelFrame("192.0.2.1", 42, "aa", true, false));
    assertThat(only().fault()).isEqualTo("vni-mismatch");
    assertThat(only().title()).contains("42");
    two.frames.clear();
    two.frames.add(new TunnelFrame("192.0.2.1", 1, "aa", true, false));
    two.counters = Map.of("vtep.receiveFrameErrors", 9L);
    assertThat(only().certainty()).isEqualTo(Certainty.OBSERVED);
  }

  @Test
  void fragmentsThatAreLostAndFragmentsThatArriveAreToldApart() {
    one.counters = Map.of("Ip.FragCreates", 40L);
    largePacketsAreLost();
    assertThat(only().fault()).isEqualTo("fragments-dropped");
    one.counters = Map.of("Ip6FragCreates", 41L);
    two.counters = Map.of("Ip6ReasmReqds", 20L);
    assertThat(only().evidence())
        .contains("node1 made 41 fragments (IpFragCreates)")
        .contains("node2 got 20 and put 0 packets together");
    one.words.clear();
    one.well("node1", "node2");
    assertThat(only().fault()).isEqualTo("mtu-fragmenting");
    one.counters = Map.of("Ip.FragCreates", 2L);
    assertThat(report().verdicts()).isEmpty();
  }

  @Test
  void largePacketsAloneAreAHoleAndSomeOfAllAreLoss() {
    largePacketsAreLost();
    assertThat(only().fault()).isEqualTo("mtu-hole");
    assertThat(only().evidence()).contains("no ICMP \"fragmentation needed\" came back");
    one.errors.add(
        new IcmpError("192.0.2.7", "too big, and must not be fragmented", "192.0.2.2", 8472));
    assertThat(only().evidence())
        .contains("192.0.2.7 says by ICMP: too big, and must not be fragmented");
    one.words.clear();
    one.word(
        "node1", "node2", PathState.DEGRADED, "loses 20 % of the probes", "node1/nic", "node2/nic");
    assertThat(only().fault()).isEqualTo("underlay-loss");
  }

  @Test
  void theOtherCureOfAHoleCountsWhatTheTunnelAdds() {
    String reason = "small packets pass, packets of 1450 bytes do not";
    one.word("node1", "node2", PathState.DEGRADED, reason, "node1/nic", "node2/nic");
    assertThat(only().remedy().getFirst().text()).contains("carry 1500 bytes");
    one.network = "2001:db8::";
    two.network = "2001:db8::";
    assertThat(only().remedy().getFirst().text()).contains("carry 1520 bytes");
  }

  @Test
  void whoAsksForTheOtherDirectionHearsThatTheAnswersAreBlocked() {
    tunnelIsLostBetween("open", true);
    DoctorReport there = report().about(Optional.of("node1"), Optional.of("node2"));
    DoctorReport back = report().about(Optional.of("node2"), Optional.of("node1"));
    assertThat(there.verdicts().getFirst().fault()).isEqualTo("underlay-port-blocked");
    assertThat(back.verdicts().getFirst().fault()).isEqualTo("underlay-return-blocked");
    assertThat(back.verdicts().getFirst().pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(report().about(Optional.of("node3"), Optional.empty()).healthy()).isTrue();
  }

  @Test
  void everyFaultThatARuleCanNameIsExplained() {
    assertThat(Rules.faults()).contains("mtu-hole", "fdb-missing", "underlay-policed");
    assertThat(Rules.faults()).allMatch(fault -> Explanation.find(Verdict.code(fault)).isPresent());
    assertThat(Explanation.all()).extracting(Explanation::fault).isSorted().doesNotHaveDuplicates();
  }

  @Test
  void vxlanThatIsEatenOnEveryPortIsToldFromAClosedPort() {
    one.vxlanElsewhere = Optional.of(false);
    tunnelIsLostBetween("open", true);
    assertThat(only().fault()).isEqualTo("underlay-vxlan-eaten");
  }

  @Test
  void aNodeWithoutARouteToItsPeerHasNoPath() {
    one.routeTrouble = "ask for the route: EINVAL";
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/vtep", "node1/nic")
        .well("node2", "node1")
        .peer("node2", PEER_DROPS, false);
    two.well("node2", "node1");
    assertThat(report().verdicts().getFirst().fault()).isEqualTo("underlay-no-path");
    assertThat(report().verdicts().getFirst().title()).contains("no route");
  }

  @Test
  void aLinkThatIsDownExplainsAllItsPaths() {
    one.underlayUp = false;
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/vtep", "node1/nic")
        .word("node2", "node1", PathState.BROKEN, "no probe arrives", null, "node1/nic")
        .peer("node2", "silent", false);
    assertThat(only().fault()).isEqualTo("underlay-link-down");
    assertThat(only().pairs()).hasSize(2);
  }

  @Test
  void framesForAnotherHostAreAWrongNeighbour() {
    tunnelIsLostInsideTheReceiver();
    two.frames.add(new TunnelFrame("192.0.2.1", 1, "aa", false, true));
    two.peer("node1", "open", true);
    assertThat(only().fault()).isEqualTo("underlay-neighbour-wrong");
  }
}
