package io.naru.doctor.peer;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.Seen;
import io.naru.doctor.peer.Look.Setting;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.observe.echo.EchoCount;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Two of Flannel's nodes, looked at from one end or from both. */
class PeerDiagnosisTest {
  private static final int SENT = 50;
  private static final List<String> WAY = List.of("vtep", "nic", "far nic", "far vtep");

  private static IpAddress address(String text) {
    return IpAddress.parse(text);
  }

  private static MacAddress mac(int node) {
    return new MacAddress(0x020000000000L + node);
  }

  /** Entries as Flannel makes them, for two nodes. */
  private static Tunnel tunnel(int self, List<Forward> forwards, List<Neighbour> neighbours) {
    int other = 3 - self;
    IpAddress gateway = address("10.244." + other + ".0");
    return new Tunnel(
        "flannel.1",
        mac(self),
        1,
        8472,
        1450,
        true,
        false,
        Optional.of(address("172.26.50.20" + self)),
        List.of(address("10.244." + self + ".0")),
        "eth0",
        1500,
        forwards,
        neighbours,
        List.of(
            new PodRoute(
                Prefix.parse("10.244." + other + ".0/24"),
                Optional.of(gateway),
                Optional.empty(),
                Optional.empty())));
  }

  private static Tunnel tunnel(int self) {
    int other = 3 - self;
    return tunnel(
        self,
        List.of(new Forward(mac(other), address("172.26.50.20" + other))),
        List.of(new Neighbour(address("10.244." + other + ".0"), Optional.of(mac(other)))));
  }

  /** What a node saw: its own probes up to a place, and so many of the other's come in. */
  private record Sight(int self, String farthest, int come, int answered, boolean detour) {
    /** With what a pod tried, and a rule that dropped something. */
    Look look(Tunnel tunnel, PodTrial trial, RuleDrop drop) {
      Look plain = look(tunnel, "s");
      return new Look(
          plain.version(),
          plain.network(),
          plain.node(),
          plain.session(),
          plain.run(),
          plain.watchedFrom(),
          plain.watchedUntil(),
          plain.probedFrom(),
          plain.probedUntil(),
          plain.addresses(),
          plain.settings(),
          plain.tunnels(),
          plain.directRoutes(),
          plain.probes(),
          plain.underlay(),
          List.of(trial),
          plain.sightings(),
          plain.seen(),
          plain.counters(),
          plain.icmpErrors(),
          plain.frames(),
          List.of(drop),
          plain.filters(),
          plain.notChecked());
    }

    Look look(Tunnel tunnel, String session) {
      int other = 3 - self;
      List<Seen> seen = new ArrayList<>();
      for (boolean full : List.of(false, true)) {
        for (String tap : WAY.subList(0, Math.min(2, WAY.indexOf(farthest) + 1))) {
          seen.add(seen(tap, self, other, full, false, SENT));
        }
        if (come > 0) {
          seen.add(seen("nic", other, self, full, true, come));
          seen.add(seen("vtep", other, self, full, true, come));
        }
      }
      return new Look(
          Look.VERSION,
          "flannel",
          "node" + self,
          session,
          self,
          1000L * self,
          1000L * self + 500,
          1000L * self + 100,
          1000L * self + 400,
          List.of(address("172.26.50.20" + self)),
          List.of(new Setting("net.ipv4.ip_forward", "1")),
          List.of(tunnel),
          List.of(),
          List.of(
              new Probe(
                  "flannel.1",
                  Optional.of(address("172.26.50.20" + other)),
                  address("10.244." + other + ".0"),
                  SENT,
                  answered,
                  SENT,
                  answered,
                  1450,
                  Optional.empty(),
                  Optional.of(detour),
                  Optional.of(false),
                  Optional.empty())),
          List.of(
              new UnderlayTrial(
                  address("172.26.50.20" + other), true, 7, 7, true, Optional.of(10250), false)),
          List.of(),
          List.of(),
          seen,
          Map.of(),
          List.of(),
          List.of(),
          List.of(),
          OtherFilters.NONE,
          List.of());
    }

    private static Seen seen(
        String tap, int asker, int target, boolean full, boolean incoming, int count) {
      return new Seen(
          tap,
          new EchoCount(
              asker,
              address("10.244." + asker + ".0"),
              address("10.244." + target + ".0"),
              full,
              false,
              tap.equals("nic"),
              incoming,
              count));
    }
  }

  private static DoctorReport report(Look... looks) {
    return PeerDiagnosis.of(List.of(looks), Map.of(), List.of());
  }

  private static Verdict only(DoctorReport report) {
    assertThat(report.verdicts()).hasSize(1);
    assertThat(report.verdicts().toString())
        .doesNotContain("Naru")
        .doesNotContain("naru node")
        .doesNotContain("the store")
        .doesNotContainPattern("\\bagents?\\b(?<!k3s-agent)");
    return report.verdicts().getFirst();
  }

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
