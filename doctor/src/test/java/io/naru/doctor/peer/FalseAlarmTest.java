package io.naru.doctor.peer;

import static io.naru.doctor.peer.TwoNodes.SENT;
import static io.naru.doctor.peer.TwoNodes.address;
import static io.naru.doctor.peer.TwoNodes.leading;
import static io.naru.doctor.peer.TwoNodes.mac;
import static io.naru.doctor.peer.TwoNodes.only;
import static io.naru.doctor.peer.TwoNodes.report;
import static io.naru.doctor.peer.TwoNodes.tunnel;
import static io.naru.doctor.peer.TwoNodes.with;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.doctor.peer.Look.Setting;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.doctor.peer.TwoNodes.Sight;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What looks odd on hosts where all is well, and what looks the same where it is not. */
class FalseAlarmTest {
  private static final Look WELL = new Sight(1, "nic", SENT, SENT, false).look(tunnel(1), "s");
  private static final Look OTHER = new Sight(2, "nic", SENT, SENT, false).look(tunnel(2), "s");

  private static PodRoute route(String block, Optional<String> gateway) {
    return new PodRoute(
        Prefix.parse(block),
        gateway.map(TwoNodes::address),
        Optional.empty(),
        gateway.map(TwoNodes::address));
  }

  private static Look kernel(Look look) {
    return with(look, "network", "kernel");
  }

  private static List<Verdict> alone(Look look) {
    return report(look).verdicts();
  }

  @Test
  void anEntryForAnotherAddressOfTheNodeIsNotWrongWhileItIsAnswered() {
    Tunnel byPublicAddress =
        tunnel(
            1,
            List.of(new Forward(mac(2), address("203.0.113.9"))),
            List.of(new Neighbour(address("10.244.2.0"), Optional.of(mac(2)))));
    Look look = new Sight(1, "nic", SENT, SENT, false).look(byPublicAddress, "s");
    assertThat(report(look, OTHER).verdicts()).isEmpty();
  }

  @Test
  void hostsThatAreJoinedWithoutPodsNeedNotForward() {
    List<Setting> off = List.of(new Setting("net.ipv4.ip_forward", "0"));
    Look joined =
        with(
            kernel(WELL),
            "tunnels",
            List.of(leading(tunnel(1), List.of(route("192.168.100.0/24", Optional.empty())))));
    assertThat(alone(with(joined, "settings", off))).isEmpty();
    // With a network behind the other end they do.
    assertThat(alone(with(kernel(WELL), "settings", off)))
        .extracting(Verdict::fault)
        .containsExactly("ip-forward-off");
    assertThat(alone(with(WELL, "settings", off)))
        .extracting(Verdict::fault)
        .containsExactly("ip-forward-off");
  }

  @Test
  void tunnelEndsWithoutRoutesAreNothingWhereRoutesGoByTheNic() {
    Tunnel entriesAlone = leading(tunnel(1), List.of());
    Look flannel = new Sight(1, "nic", SENT, SENT, false).look(entriesAlone, "s");
    assertThat(alone(kernel(flannel))).isEmpty();
    assertThat(alone(flannel)).extracting(Verdict::fault).containsExactly("route-missing");
    Look direct =
        with(
            flannel, "directRoutes", List.of(route("10.244.2.0/24", Optional.of("172.26.50.202"))));
    assertThat(alone(direct)).isEmpty();
  }

  private static Look checking(Look look, String all, String device) {
    return with(
        with(
            look,
            "settings",
            List.of(
                new Setting("net.ipv4.ip_forward", "1"),
                new Setting("net.ipv4.conf.all.rp_filter", all),
                new Setting("net.ipv4.conf.flannel/1.rp_filter", device))),
        "counters",
        Map.of("TcpExt.IPReversePathFilter", 40L));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0, false",
    "0, 1, true",
    "0, 2, false",
    "1, 0, true",
    "1, 1, true",
    "1, 2, false",
    "2, 0, false",
    "2, 1, false",
    "2, 2, false"
  })
  void ofTwoChecksOfTheWayBackTheLargerValueCounts(String all, String device, boolean strict) {
    Look losing = new Sight(1, "nic", SENT, 0, false).look(tunnel(1), "s");
    assertThat(alone(checking(losing, all, device)).toString().contains("rp_filter is strict"))
        .isEqualTo(strict);
    if (strict) {
      assertThat(alone(checking(losing, all, device)))
          .filteredOn(verdict -> verdict.fault().equals("rp-filter"))
          .flatExtracting(Verdict::remedy)
          .extracting(Remedy::command)
          .containsExactly("sysctl -w net.ipv4.conf.flannel/1.rp_filter=2");
    }
  }

  @Test
  void whatTheCheckDroppedIsNobodysLossWhereAllIsAnswered() {
    assertThat(report(checking(WELL, "1", "1"), OTHER).verdicts()).isEmpty();
    // What the other node sends here counts as well.
    Look lossy = new Sight(2, "nic", SENT, 0, false).look(tunnel(2), "s");
    assertThat(report(checking(WELL, "1", "1"), lossy).verdicts().toString())
        .contains("rp_filter is strict");
  }

  @Test
  void podsGetTheirMtuInTheirOwnNamespace() {
    PodTrial large =
        new PodTrial(
            address("10.244.1.10"),
            address("10.244.2.0"),
            address("10.244.2.10"),
            true,
            true,
            1500,
            false);
    Verdict verdict = only(report(kernel(with(WELL, "podTrials", List.of(large)))));
    assertThat(verdict.fault()).isEqualTo("mtu-pod-too-big");
    assertThat(verdict.remedy().stream().filter(remedy -> remedy.command().contains("mtu")))
        .allSatisfy(
            remedy -> {
              assertThat(remedy.command()).startsWith("nsenter -t <pid in the pod> -n ip link set");
              assertThat(remedy.text()).contains("in each pod's own network namespace");
            })
        .isNotEmpty();
  }
}
