package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/**
 * Firewalls of the nodes that let the tunnel in and reject all else, probes and the agents' TCP
 * too: they refuse in the kernel's name, and all agents run.
 */
class RejectingFirewallTest {
  private static final String REJECT = "meta l4proto udp counter reject";

  private final ObservedNode one = new ObservedNode("node1");
  private final ObservedNode two = new ObservedNode("node2");

  /** What an agent knows of both ways where nobody of the other end speaks to it. */
  private static void sees(ObservedNode node, String other) {
    node.probesRefused = Optional.of(true);
    node.peer(other, "refused", true);
    node.word(
        node.name,
        other,
        PathState.UNKNOWN,
        "nobody acknowledges the probes",
        node.name + "/nic",
        null);
  }

  private static void hearsNothing(ObservedNode node, String other) {
    node.word(other, node.name, PathState.UNKNOWN, "perhaps it sends none", null, null);
  }

  private static void probesComeIn(ObservedNode node, String other) {
    node.word(
        other, node.name, PathState.BROKEN, "no probe arrives", node.name + "/vtep", "x/agent");
  }

  private static void rejects(ObservedNode node) {
    node.drops.add(
        new RuleDrop(
            "inet firewall input", "in", REJECT, Optional.of("7"), "10.0.1.1", "10.0.2.1"));
  }

  private static DoctorReport report(ObservedNode... asked) {
    List<NodeEvidence> evidence = new ArrayList<>();
    for (ObservedNode node : asked) {
      evidence.add(node.evidence());
    }
    return Diagnosis.of(evidence, List.of());
  }

  private static List<String> faults(DoctorReport report) {
    return report.verdicts().stream().map(Verdict::fault).toList();
  }

  private static Verdict down(DoctorReport report) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.fault().equals("agent-down"))
        .findFirst()
        .orElseThrow(() -> new AssertionError(report.verdicts()));
  }

  @Test
  void ofItsOwnRuleTheAskedNodeSaysTheNameAndOfTheOthersThatThereIsOne() {
    sees(one, "node2");
    probesComeIn(one, "node2");
    rejects(one);
    DoctorReport report = report(one);
    assertThat(faults(report)).containsOnly("host-input-drop");
    Verdict own = report.verdicts().getFirst();
    Verdict other = report.verdicts().getLast();
    assertThat(own.title() + other.title()).contains(REJECT).contains("node2's own firewall");
    assertThat(report.verdicts())
        .filteredOn(verdict -> verdict.title().contains("node2's own firewall"))
        .allMatch(verdict -> verdict.certainty() == Certainty.INFERRED);
  }

  @Test
  void whereBothAreAskedBothRulesAreNamed() {
    sees(one, "node2");
    probesComeIn(one, "node2");
    rejects(one);
    sees(two, "node1");
    probesComeIn(two, "node1");
    rejects(two);
    DoctorReport report = report(one, two);
    assertThat(faults(report)).containsExactly("host-input-drop", "host-input-drop");
    assertThat(report.verdicts())
        .allMatch(verdict -> verdict.certainty() == Certainty.OBSERVED)
        .allMatch(verdict -> verdict.title().contains(REJECT));
  }

  @Test
  void aFrameWithItsProbesIsEnoughToKnowThatAnAgentRuns() {
    sees(one, "node2");
    hearsNothing(one, "node2");
    assertThat(faults(report(one))).containsExactly("agent-down");
    one.frames.add(new TunnelFrame("192.0.2.2", 1, "aa:bb:cc:dd:ee:ff", false, false));
    assertThat(faults(report(one))).doesNotContain("agent-down");
  }

  @Test
  void whatSomebodyElseSawOfItCountsToo() {
    ObservedNode three = new ObservedNode("node3");
    sees(one, "node2");
    hearsNothing(one, "node2");
    three.peer("node2", "refused", true);
    assertThat(faults(report(one, three))).contains("agent-down");
    three.well("node2", "node3");
    assertThat(faults(report(one, three))).doesNotContain("agent-down");
  }

  @Test
  void aRuleThatWasSeenIsNamedThoughTheAgentIsDownAsWell() {
    sees(one, "node2");
    one.words.clear();
    one.word("node1", "node2", PathState.UNKNOWN, "nobody", "node1/vtep", "node1/nic");
    hearsNothing(one, "node2");
    one.drops.add(new RuleDrop("inet firewall output", "out", REJECT, Optional.of("9"), "", ""));
    assertThat(faults(report(one))).containsExactlyInAnyOrder("host-output-drop", "agent-down");
  }

  @Test
  void refusedTcpIsAResetWhereAKernelSaysIt() {
    sees(one, "node2");
    hearsNothing(one, "node2");
    Verdict certain = down(report(one));
    assertThat(certain.title()).contains("does not run");
    assertThat(certain.ruledOut()).anyMatch(line -> line.startsWith("a blocked path"));
    one.errors.add(new IcmpError("192.0.2.2", "port unreachable", "192.0.2.2", 8472));
    Verdict unsure = down(report(one));
    assertThat(unsure.title()).contains("does not seem to run");
    assertThat(unsure.certainty()).isEqualTo(Certainty.INFERRED);
    assertThat(unsure.ruledOut()).isEmpty();
    assertThat(unsure.notChecked()).anyMatch(line -> line.contains("refused by ICMP"));
  }

  @Test
  void withoutATunnelAFilterBetweenThemMayRefuse() {
    one.transport = "direct";
    sees(one, "node2");
    hearsNothing(one, "node2");
    Verdict unsure = down(report(one));
    assertThat(unsure.certainty()).isEqualTo(Certainty.INFERRED);
    assertThat(unsure.ruledOut()).isEmpty();
    assertThat(unsure.notChecked()).anyMatch(line -> line.contains("take no tunnel"));
  }

  @Test
  void somethingInAdditionHidesNoRule() {
    one.paused = true;
    one.word("node2", "node1", PathState.BROKEN, "no probe arrives", "node1/vtep", "node1/agent")
        .peer("node2", "open", true);
    rejects(one);
    one.drift.add(new Drift("entry-surplus", "- route 10.9.0.0/24", Optional.empty()));
    one.drift.add(new Drift("entry-surplus", "- route 10.8.0.0/24", Optional.of("node2")));
    assertThat(faults(report(one))).containsExactlyInAnyOrder("host-input-drop", "entry-surplus");
  }

  @Test
  void somethingInAdditionExplainsAPathOfItsPeerOnlyAndLast() {
    one.paused = true;
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/vtep", "node1/nic")
        .peer("node2", "open", true);
    one.drift.add(new Drift("entry-surplus", "- route 10.9.0.0/24", Optional.empty()));
    assertThat(faults(report(one))).containsExactlyInAnyOrder(Verdict.UNEXPLAINED, "entry-surplus");
    one.drift.clear();
    one.drift.add(new Drift("entry-surplus", "- route 10.8.0.0/24", Optional.of("node2")));
    assertThat(faults(report(one))).containsExactly("entry-surplus");
  }
}
