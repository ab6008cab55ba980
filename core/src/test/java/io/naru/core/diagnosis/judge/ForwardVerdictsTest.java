package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.TrialSighting;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Pods' packets that are lost though the nodes' own arrive. */
class ForwardVerdictsTest extends TwoNodes {
  @Test
  void aPodThatIsNotForwardedIsAVerdictThoughTheNodesReachEachOther() {
    one.well("node1", "node2").well("node2", "node1").peer("node2", "open", null);
    one.forwarding.add(trial(false, true));
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    one.drops.add(forwardDrop("10.0.1.2", "10.0.2.2"));
    assertThat(only().fault()).isEqualTo("forward-drop");
    assertThat(only().lastSeen()).contains("node1/veth");
    assertThat(only().notSeen()).contains("node1/vtep");
  }

  @Test
  void aRuleOfLegacyIptablesIsNamedByItsCounter() {
    one.well("node1", "node2").well("node2", "node1");
    two.well("node1", "node2").well("node2", "node1");
    one.forwarding.add(trial(false, true));
    two.filters = legacy("-s 198.51.100.0/24 -j DROP");
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only().notChecked()).isEmpty();
    two.filters = legacy("-d 10.0.2.0/24 -j DROP");
    assertThat(only().fault()).isEqualTo("forward-drop");
    assertThat(only().lastSeen()).contains("node2/vtep");
    assertThat(only().evidence()).anyMatch(line -> line.contains("rose by 12"));
    assertThat(only().remedy().getFirst().command())
        .isEqualTo("iptables-legacy -D FORWARD -d 10.0.2.0/24 -j DROP");
    two.filters = legacy("-s 10.0.2.0/24 -j DROP");
    assertThat(only().pairs()).containsExactly(new NodePair("node2", "node1"));
  }

  private static OtherFilters legacy(String rule) {
    return new OtherFilters(
        List.of("iptables-legacy filter"),
        List.of(
            new CountedDrop(
                new RuleDrop(
                    "iptables-legacy filter FORWARD", "through", rule, Optional.empty(), "", ""),
                12)),
        List.of(),
        List.of());
  }

  private static ForwardTrial trial(boolean small, boolean large) {
    return new ForwardTrial(
        "default/web", "10.0.1.2", "node2", "default/db", "10.0.2.2", small, 1500, large);
  }

  private static RuleDrop forwardDrop(String from, String to) {
    return new RuleDrop("ip filter FORWARD", "through", "policy drop", Optional.empty(), from, to);
  }

  @Test
  void aNodeWhoseTableOfConnectionsIsFullIsNamedIfThePacketsAreLostInIt() {
    allPathsAreWell();
    seen(one, false, "veth", "vtep", "nic");
    seen(two, false, "nic");
    two.counters = Map.of("conntrack.drop", 7L);
    assertThat(only().fault()).isEqualTo("conntrack-full");
    assertThat(only().lastSeen()).contains("node2/nic");
    assertThat(only().evidence()).anyMatch(line -> line.contains("dropped 7 packets"));
    seen(two, false, "vtep", "veth");
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
  }

  @Test
  void aRuleOfTheOtherNodeIsNamedWithTheWayThatItCloses() {
    one.well("node1", "node2").well("node2", "node1");
    two.well("node1", "node2").well("node2", "node1");
    one.forwarding.add(trial(false, true));
    two.drops.add(forwardDrop("10.0.1.2", "10.0.2.2"));
    assertThat(only().pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(only().lastSeen()).contains("node2/vtep");
    assertThat(only().notSeen()).contains("node2/veth");
  }

  @Test
  void aRuleThatDropsOnlyTheAnswersConcernsTheWayBack() {
    one.well("node1", "node2").well("node2", "node1");
    two.well("node1", "node2").well("node2", "node1");
    one.forwarding.add(trial(false, true));
    two.drops.add(forwardDrop("10.0.2.2", "10.0.1.2"));
    assertThat(only().pairs()).containsExactly(new NodePair("node2", "node1"));
    assertThat(only().lastSeen()).contains("node2/veth");
  }

  @Test
  void largePacketsOfPodsThatVanishAreAnMtuThatIsTooBig() {
    one.well("node1", "node2").well("node2", "node1");
    two.well("node1", "node2").well("node2", "node1");
    one.forwarding.add(trial(true, false));
    assertThat(only().fault()).isEqualTo("mtu-pod-too-big");
    assertThat(only().title()).contains("1500").contains("1450");
    assertThat(only().lastSeen()).contains("node1/veth");
  }

  private void seen(ObservedNode node, boolean answer, String... taps) {
    for (String tap : taps) {
      node.sightings.add(new TrialSighting("10.0.1.2", "10.0.2.2", tap, answer, false));
    }
  }

  private void allPathsAreWell() {
    one.well("node1", "node2").well("node2", "node1");
    two.well("node1", "node2").well("node2", "node1");
    one.forwarding.add(trial(false, true));
  }

  @Test
  void whatNoRuleExplainsIsPlacedByTheTapsOfBothNodes() {
    allPathsAreWell();
    seen(one, false, "veth", "vtep", "nic");
    seen(two, false, "nic", "vtep");
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only().lastSeen()).contains("node2/vtep");
    assertThat(only().notSeen()).contains("node2/veth");
    assertThat(only().pairs()).containsExactly(new NodePair("node1", "node2"));
  }

  @Test
  void answersThatAreLostConcernTheWayBack() {
    allPathsAreWell();
    seen(one, false, "veth", "vtep", "nic");
    seen(two, false, "nic", "vtep", "veth");
    seen(two, true, "veth");
    assertThat(only().lastSeen()).contains("node2/veth");
    assertThat(only().notSeen()).contains("node2/vtep");
    assertThat(only().pairs()).containsExactly(new NodePair("node2", "node1"));
  }

  @Test
  void aPodWhosePacketsDoNotLeaveItIsThePlace() {
    allPathsAreWell();
    assertThat(only().lastSeen()).contains("default/web/eth0");
    assertThat(only().notSeen()).contains("node1/veth");
  }

  @Test
  void aPodThatDoesNotAnswerIsThePlace() {
    allPathsAreWell();
    seen(one, false, "veth", "vtep", "nic");
    seen(two, false, "nic", "vtep", "veth");
    assertThat(only().lastSeen()).contains("node2/veth");
    assertThat(only().notSeen()).contains("default/db/eth0");
  }
}
