package io.naru.core.diagnosis.judge;

import static io.naru.core.diagnosis.Certainty.INFERRED;
import static io.naru.core.diagnosis.Certainty.OBSERVED;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.diagnosis.Explanation;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** node3's agent does not run; node1's and node2's do. */
class AbsentAgentsTest {
  private static final String NOBODY = "nobody acknowledges the probes";

  private final ObservedNode one = new ObservedNode("node1");
  private final ObservedNode two = new ObservedNode("node2");
  private final ObservedNode three = new ObservedNode("node3");

  /** What one that runs sees: its way to the other that runs is well. */
  private static void sees(ObservedNode node, String other, boolean refused) {
    node.well(node.name, other).well(other, node.name).peer(other, "open", null);
    node.probesRefused = Optional.of(refused);
    node.peer("node3", "refused", true);
    node.word(node.name, "node3", PathState.UNKNOWN, NOBODY, node.name + "/nic", null)
        .word("node3", node.name, PathState.UNKNOWN, "perhaps it sends none", null, null);
  }

  private static DoctorReport report(ObservedNode... asked) {
    List<NodeEvidence> evidence = new ArrayList<>();
    for (ObservedNode node : asked) {
      evidence.add(node.evidence());
    }
    return Diagnosis.of(evidence, List.of());
  }

  private static NodePair pair(int from, int to) {
    return new NodePair("node" + from, "node" + to);
  }

  private static Verdict named(DoctorReport report, String fault) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.fault().equals(fault))
        .findFirst()
        .orElseThrow(() -> new AssertionError(report.verdicts()));
  }

  @Test
  void oneAgentThatDoesNotRunIsOneVerdictWithAllItsPairs() {
    sees(one, "node2", true);
    sees(two, "node1", true);
    DoctorReport report = report(one, two);
    assertThat(report.verdicts()).hasSize(1);
    Verdict verdict = report.verdicts().getFirst();
    assertThat(verdict.code()).isEqualTo("NARU-AGENT-DOWN");
    assertThat(verdict.state()).isEqualTo(PathState.DEGRADED);
    assertThat(verdict.title()).contains("node3's agent does not run", "packets still pass");
    assertThat(verdict.pairs()).containsExactly(pair(1, 3), pair(2, 3), pair(3, 1), pair(3, 2));
    assertThat(verdict.notSeen()).contains("node3/agent");
    assertThat(verdict.certainty()).as("nobody looked at node3 itself").isEqualTo(INFERRED);
    assertThat(verdict.remedy().getFirst().command()).isEqualTo("systemctl restart naru-agent");
    assertThat(verdict.remedy().toString()).contains("naru doctor --peer kernel");
    assertThat(report.exitCode()).isEqualTo(1);
    assertThat(Explanation.find(verdict.code())).isPresent();
  }

  @Test
  void aHostThatRefusesNothingIsNotSaidToBeThere() {
    sees(one, "node2", false);
    sees(two, "node1", false);
    assertThat(report(one, two).verdicts())
        .isNotEmpty()
        .noneMatch(verdict -> verdict.fault().equals("agent-down"));
  }

  @Test
  void anAgentThatAnswersAnybodyRuns() {
    sees(one, "node2", true);
    sees(two, "node1", true);
    three.well("node3", "node2").well("node2", "node3").peer("node2", "open", null);
    assertThat(report(one, two, three).verdicts())
        .noneMatch(verdict -> verdict.fault().equals("agent-down"));
    two.peers.clear();
    two.peer("node3", "open", null);
    assertThat(report(one, two).verdicts())
        .noneMatch(verdict -> verdict.fault().equals("agent-down"));
  }

  @Test
  void whatIsBlockedBesideItHasItsOwnVerdict() {
    sees(one, "node2", true);
    sees(two, "node1", true);
    one.words.removeIf(word -> word.to().equals("node2"));
    one.word("node1", "node2", PathState.BROKEN, "no probe arrives", "node1/nic", "node2/nic");
    two.words.removeIf(word -> word.from().equals("node1"));
    DoctorReport report = report(one, two);
    assertThat(report.verdicts())
        .extracting(Verdict::fault)
        .containsExactlyInAnyOrder("underlay-port-blocked", "agent-down");
    assertThat(named(report, "underlay-port-blocked").pairs()).containsExactly(pair(1, 2));
    assertThat(named(report, "agent-down").pairs()).hasSize(4);
  }

  @Test
  void aWayThatIsNotProvedIsNotSaidToPass() {
    sees(one, "node2", true);
    sees(two, "node1", false);
    DoctorReport report = report(one, two);
    Verdict verdict = named(report, "agent-down");
    assertThat(report.verdicts()).hasSize(1);
    assertThat(verdict.pairs()).containsExactly(pair(1, 3), pair(2, 3), pair(3, 1), pair(3, 2));
    assertThat(verdict.title()).contains("to some nodes");
    assertThat(verdict.notChecked()).anyMatch(line -> line.contains("between node2 and node3"));
  }

  @Test
  void aLossThatWasSeenHasAVerdictOfItsOwn() {
    sees(one, "node2", true);
    sees(two, "node1", false);
    two.words.removeIf(word -> word.to().equals("node3"));
    two.word("node2", "node3", PathState.UNKNOWN, NOBODY, "node2/vtep", "node2/nic");
    DoctorReport report = report(one, two);
    assertThat(named(report, Verdict.UNEXPLAINED).pairs()).containsExactly(pair(2, 3));
    assertThat(named(report, "agent-down").pairs()).hasSize(3);
  }

  @Test
  void itsKernelsDriftIsAVerdictOfTheDirectionThatItHurts() {
    sees(one, "node2", false); // the refusals to node1 do not find back
    sees(two, "node1", true);
    three.down = true;
    three.peer("node1", "untried", null).peer("node2", "untried", null);
    three.drift.add(new Drift("fdb-missing", "+ fdb aa dev naru-vxlan", Optional.of("node1")));
    DoctorReport report = report(one, two, three);
    assertThat(report.verdicts()).hasSize(2);
    Verdict drift = named(report, "fdb-missing");
    assertThat(drift.pairs()).containsExactly(pair(3, 1));
    assertThat(drift.state()).isEqualTo(PathState.BROKEN);
    assertThat(drift.evidence()).anyMatch(line -> line.contains("does not run"));
    assertThat(drift.remedy().getFirst().command()).contains("systemctl restart naru-agent");
    assertThat(drift.remedy().getFirst().safe()).isFalse();
    assertThat(named(report, "agent-down").pairs())
        .containsExactly(pair(1, 3), pair(2, 3), pair(3, 2));
  }

  @Test
  void driftThatNobodyMissedYetIsToldAsOfAPausedAgent() {
    sees(one, "node2", true);
    three.down = true;
    three.peer("node1", "untried", null);
    three.drift.add(new Drift("entry-surplus", "- fdb aa dev naru-vxlan", Optional.empty()));
    DoctorReport report = report(one, three);
    assertThat(named(report, "entry-surplus").title())
        .isEqualTo("node3's kernel holds an entry that nobody asked for: fdb aa dev naru-vxlan");
    assertThat(named(report, "agent-down").pairs()).containsExactly(pair(1, 3), pair(3, 1));
    assertThat(named(report, "agent-down").certainty()).isEqualTo(OBSERVED);
  }

  @Test
  void aHarmlessSurplusTakesNoPathFromIt() {
    sees(one, "node2", true);
    sees(two, "node1", false);
    three.down = true;
    three.peer("node1", "untried", null).peer("node2", "untried", null);
    three.drift.add(new Drift("entry-surplus", "- fdb aa dev naru-vxlan", Optional.empty()));
    DoctorReport report = report(one, two, three);
    assertThat(report.verdicts()).hasSize(2);
    assertThat(named(report, "agent-down").pairs())
        .containsExactly(pair(1, 3), pair(2, 3), pair(3, 1), pair(3, 2));
    assertThat(named(report, "entry-surplus").state()).isEqualTo(PathState.DEGRADED);
  }

  @Test
  void whoLeavesInTheMiddleOfTheLookIsNotSpokenOf() {
    one.probesRefused = Optional.of(true);
    one.well("node1", "node3").peer("node3", "refused", true);
    assertThat(report(one).verdicts()).noneMatch(verdict -> verdict.fault().equals("agent-down"));
  }

  @Test
  void onThatHostAloneNothingIsSaidOfItsPaths() {
    three.down = true;
    three.peer("node1", "untried", null);
    DoctorReport report = report(three);
    Verdict verdict = named(report, "agent-down");
    assertThat(report.verdicts()).hasSize(1);
    assertThat(verdict.title()).doesNotContain("pass");
    assertThat(verdict.notChecked()).isNotEmpty();
    assertThat(verdict.ruledOut()).anyMatch(line -> line.contains("holds what the store asks for"));
    assertThat(verdict.pairs()).containsExactly(pair(1, 3), pair(3, 1));
    three.notChecked.add(DriftWords.STORE_AWAY);
    assertThat(named(report(three), "agent-down").ruledOut())
        .as("the store did not answer")
        .noneMatch(line -> line.contains("what the store asks for"))
        .anyMatch(line -> line.contains("when its agent last heard of it"));
  }
}
