package io.naru.doctor.peer;

import static io.naru.doctor.peer.TwoNodes.SENT;
import static io.naru.doctor.peer.TwoNodes.address;
import static io.naru.doctor.peer.TwoNodes.mac;
import static io.naru.doctor.peer.TwoNodes.only;
import static io.naru.doctor.peer.TwoNodes.report;
import static io.naru.doctor.peer.TwoNodes.tunnel;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.TwoNodes.Sight;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two of Flannel's nodes, looked at from one end or from both. */
class PeerDiagnosisTest {
  @Test
  void whatIsAnsweredIsHealthy() {
    DoctorReport report =
        report(
            new Sight(1, "nic", SENT, SENT, false).look(tunnel(1), "s"),
            new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s"));
    assertThat(report.healthy()).isTrue();
    assertThat(report.exitCode()).isZero();
  }

  @Test
  void withBothEndsTheClosedDirectionIsObserved() {
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", SENT, 0, false).look(tunnel(1), "s"),
                new Sight(2, "nic", 0, 0, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.certainty()).isEqualTo(Certainty.OBSERVED);
    assertThat(verdict.pairs()).containsExactly(new NodePair("node1", "node2"));
    assertThat(verdict.lastSeen()).contains("node1/nic");
    assertThat(verdict.notSeen()).contains("node2/nic");
    assertThat(verdict.remedy().toString()).contains("--port 8472", "host-gw");
  }

  @Test
  void withOneEndItMayBeEitherDirection() {
    Verdict verdict = only(report(new Sight(1, "nic", 0, 0, false).look(tunnel(1), "s")));
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.certainty()).isEqualTo(Certainty.INFERRED);
    assertThat(verdict.notChecked().toString()).contains("the direction");
    assertThat(verdict.remedy().toString())
        .contains("naru doctor --peer flannel here ssh:root@172.26.50.202");
  }

  @Test
  void anAnswerByTheUnderlayTellsThatTheWayBackIsClosed() {
    Verdict verdict = only(report(new Sight(1, "nic", 0, 0, true).look(tunnel(1), "s")));
    assertThat(verdict.fault()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.pairs()).containsExactly(new NodePair("172.26.50.202", "node1"));
    assertThat(verdict.notChecked().toString()).doesNotContain("the direction");
  }

  @Test
  void looksThatWereTakenOneAfterTheOtherSayNothingOfWhatDidNotArrive() {
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", 0, 0, false).look(tunnel(1), ""),
                new Sight(2, "nic", 0, SENT, false).look(tunnel(2), "")));
    assertThat(verdict.certainty()).isEqualTo(Certainty.INFERRED);
    assertThat(verdict.remedy().toString()).contains("naru collect");
  }

  @Test
  void aMissingForwardingEntryIsNamedWithTheCommandThatMakesIt() {
    Tunnel without =
        tunnel(1, List.of(), List.of(new Neighbour(address("10.244.2.0"), Optional.of(mac(2)))));
    Verdict verdict =
        only(
            report(
                new Sight(1, "vtep", SENT, 0, false).look(without, "s"),
                new Sight(2, "nic", 0, 0, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("fdb-missing");
    assertThat(verdict.remedy().getFirst().command())
        .isEqualTo("bridge fdb append 02:00:00:00:00:02 dev flannel.1 dst 172.26.50.202");
  }

  @Test
  void anEntryForAnotherNodesAddressIsWrong() {
    Tunnel wrong =
        tunnel(
            1,
            List.of(new Forward(mac(2), address("172.26.50.99"))),
            List.of(new Neighbour(address("10.244.2.0"), Optional.of(mac(2)))));
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", SENT, 0, false).look(wrong, "s"),
                new Sight(2, "nic", 0, 0, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("fdb-wrong");
  }

  @Test
  void anEntryThatNamesAPortWhereNobodyListensIsAMismatch() {
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", SENT, 0, false)
                    .look(
                        tunnel(1),
                        new IcmpError("172.26.50.202", "port unreachable", "172.26.50.202", 4789)),
                new Sight(2, "nic", 0, 0, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("port-mismatch");
    assertThat(verdict.title()).contains("4789");
  }

  @Test
  void aMissingNeighbourIsNamedFromItsOwnEnd() {
    Tunnel without = tunnel(1, List.of(new Forward(mac(2), address("172.26.50.202"))), List.of());
    Verdict verdict = only(report(new Sight(1, "none", 0, 0, false).look(without, "s")));
    assertThat(verdict.fault()).isEqualTo("neigh-missing");
    assertThat(verdict.remedy().getFirst().command())
        .isEqualTo(
            "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:02 dev flannel.1 nud permanent");
  }

  @Test
  void lossIsCountedInEachDirectionByItself() {
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", SENT, 40, false).look(tunnel(1), "s"),
                new Sight(2, "nic", 40, 40, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("underlay-loss");
    assertThat(verdict.pairs()).containsExactly(new NodePair("node1", "node2"));
  }

  @Test
  void aDeviceThatWasMadeAnewLeavesAStaleAddressBehind() {
    Tunnel stale =
        tunnel(
            1,
            List.of(new Forward(mac(9), address("172.26.50.202"))),
            List.of(new Neighbour(address("10.244.2.0"), Optional.of(mac(9)))));
    Verdict verdict =
        only(
            report(
                new Sight(1, "nic", SENT, 0, false).look(stale, "s"),
                new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s")));
    assertThat(verdict.fault()).isEqualTo("vtep-mac-stale");
    assertThat(verdict.state()).isEqualTo(PathState.BROKEN);
    assertThat(verdict.remedy().stream().map(Remedy::command))
        .startsWith(
            "bridge fdb append 02:00:00:00:00:02 dev flannel.1 dst 172.26.50.202",
            "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:02 dev flannel.1 nud permanent");
  }
}
