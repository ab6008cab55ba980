package io.naru.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.path.PathState;
import io.naru.core.service.Protocol;
import io.naru.lab.fault.NodeSight.Forward;
import io.naru.lab.fault.NodeSight.Neighbour;
import io.naru.lab.fault.NodeSight.Route;
import io.naru.lab.fault.NodeSight.Serving;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import io.naru.lab.topology.Topology;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ScriptedFaultTest {
  private static final Topology TOPOLOGY =
      Topology.of(new LabSpec("t", 3, 2, false, "vxlan", "auto", FirewallPolicy.OPEN));

  private static final LabSight SIGHT =
      new LabSight(
          TOPOLOGY, Map.of("node1", node(1, 2, 3), "node2", node(2, 1, 3), "node3", node(3, 1, 2)));

  private static NodeSight node(int number, int... peers) {
    return new NodeSight(
        Optional.of(mac(number)),
        List.of(cidr(number)),
        IntStream.of(peers).mapToObj(p -> new Forward(mac(p), "192.0.2." + p)).toList(),
        IntStream.of(peers).mapToObj(p -> new Neighbour("10.244." + p + ".0", mac(p))).toList(),
        IntStream.of(peers)
            .mapToObj(p -> new Route(cidr(p), cidr(p) + " via 10.244." + p + ".0 dev naru-vxlan"))
            .toList(),
        Map.of(NodeSight.REVERSE_PATH_FILTER, "2"),
        List.of(),
        number == 2
            ? List.of(
                new Serving("b2", IpAddress.parse("10.244.2.5"), Protocol.TCP, 8080),
                new Serving("b2", IpAddress.parse("10.244.2.5"), Protocol.UDP, 53))
            : List.of());
  }

  private static String mac(int number) {
    return "0a:00:00:00:00:0" + number;
  }

  private static Prefix cidr(int number) {
    return Prefix.parse("10.244." + number + ".0/24");
  }

  private static Injection injection(ScriptedFault fault, String from, String to) {
    return fault.injection(new Direction(Optional.of(from), Optional.of(to)), SIGHT);
  }

  private static String text(List<Step> steps) {
    StringBuilder text = new StringBuilder();
    for (Step step : steps) {
      text.append(step.target() + " " + String.join(" ", step.command()) + "\n" + step.input());
    }
    return text.toString();
  }

  @Test
  void theTableOfFaultsIsComplete() {
    assertThat(Faults.all()).hasSize(31).extracting(Fault::id).doesNotHaveDuplicates();
    for (Fault fault : Faults.all()) {
      assertThat(fault.expected().isEmpty())
          .as(fault.id())
          .isEqualTo(fault instanceof ImpossibleFault || fault.needsService());
    }
  }

  @Test
  void expectedTapsLieBesideEachOther() {
    for (Fault fault : Faults.all()) {
      for (Expectation expectation : fault.expected()) {
        if (expectation.state() == PathState.BROKEN || expectation.lastSeen().isPresent()) {
          assertThat(expectation.notSeen().orElseThrow().ordinal())
              .as(fault.id())
              .isEqualTo(expectation.lastSeen().orElseThrow().ordinal() + 1);
        }
      }
    }
  }

  @Test
  void aTapIsNamedForItsWay() {
    var fault = new NodePair("a", "b");
    assertThat(Tap.SENDER_NIC.on(Expectation.Way.THERE.of(fault))).isEqualTo("a/nic");
    assertThat(Tap.SENDER_NIC.on(Expectation.Way.BACK.of(fault))).isEqualTo("b/nic");
    assertThat(Tap.RECEIVER_VETH.on(Expectation.Way.BACK.of(fault))).isEqualTo("a/veth");
  }

  @Test
  void aMissingEntryIsRemovedWhileTheSenderIsPausedAndComesBackAsItWas() {
    Injection injection = injection(new FdbMissing(), "node1", "node2");
    assertThat(injection.pauses()).containsExactly("node1");
    assertThat(text(injection.steps()))
        .contains(
            "node1 bridge -batch -\n"
                + "fdb del 0a:00:00:00:00:02 dev naru-vxlan dst 192.0.2.2 self permanent\n")
        .contains("oifname \"naru-vxlan\" ip saddr 10.244.1.0/24 ip daddr 10.244.2.0/24 counter\n");
    assertThat(text(injection.undo()))
        .startsWith(
            "node1 bridge -batch -\n"
                + "fdb replace 0a:00:00:00:00:02 dev naru-vxlan dst 192.0.2.2 self permanent\n")
        .endsWith("delete table inet lab-fdb-missing.node1.node2\n");
    assertThat(injection.counters())
        .containsExactly(
            new HitCounter(HitCounter.Kind.RULES, "node1", "inet lab-fdb-missing.node1.node2"));
  }

  @Test
  void aFirewallConcernsThePairAloneAndPausesNobody() {
    Injection injection = injection(new HostInputDrop(), "node1", "node2");
    assertThat(injection.pauses()).isEmpty();
    assertThat(text(injection.steps()))
        .startsWith("node2 nft -f -\n")
        .contains("ip saddr 172.26.50.11 ip daddr 172.26.51.12 udp dport 8472 counter drop");
  }

  @Test
  void backendsRefuseTheirServicesPortsAndEachPodIsAlteredOnce() {
    Injection injection = injection(new ServiceBroken(), "node1", "node2");
    assertThat(text(injection.steps()))
        .startsWith("b2 nft -f -\n")
        .contains("ip daddr 10.244.2.5 tcp dport 8080 counter reject with tcp reset\n")
        .contains("ip daddr 10.244.2.5 udp dport 53 counter reject with icmpx");
    assertThat(injection.counters())
        .containsExactly(
            new HitCounter(HitCounter.Kind.RULES, "b2", "inet lab-service-broken.node2"));
    assertThat(text(injection.undo())).endsWith("delete table inet lab-service-broken.node2\n");
    assertThat(new ServiceBroken().injection(Direction.everywhere(), SIGHT)).isEqualTo(injection);
    assertThatThrownBy(() -> injection(new ServiceBroken(), "node1", "node3"))
        .hasMessageContaining("no service leads to a pod on node3")
        .hasMessageContaining("naru service add");
  }

  @Test
  void withoutNodesEveryPairIsMeant() {
    Injection injection = new NeighMissing().injection(Direction.everywhere(), SIGHT);
    assertThat(injection.pauses()).isEqualTo(Set.of("node1", "node2", "node3"));
    assertThat(injection.counters()).hasSize(6);
    assertThat(new UnderlayShaped().injection(Direction.everywhere(), SIGHT).counters())
        .extracting(HitCounter::name)
        .containsExactlyInAnyOrder("node1 1:", "node2 1:", "node3 1:");
  }

  @Test
  void anAsymmetricRouteIsKnownToTheFabricWhereTheSubnetsDiffer() {
    assertThat(text(injection(new RpFilter(), "node1", "node2").steps()))
        .contains("node2 sysctl -q -w net.ipv4.conf.naru-vxlan.rp_filter=1\n")
        .contains("route replace 10.244.1.0/24 via 172.26.51.1 dev eth0\n")
        .contains("fabric ip -batch -\nroute replace 10.244.1.0/24 via 172.26.50.11\n");
    assertThat(text(injection(new RpFilter(), "node1", "node3").steps()))
        .contains("route replace 10.244.1.0/24 via 172.26.50.11 dev eth0\n")
        .doesNotContain("fabric");
    assertThat(text(injection(new RpFilter(), "node1", "node2").undo()))
        .contains("net.ipv4.conf.naru-vxlan.rp_filter=2\n")
        .contains("route replace 10.244.1.0/24 via 10.244.1.0 dev naru-vxlan\n");
  }

  @Test
  void faultsThatAlterTheSameSayIt() {
    assertThat(injection(new FdbMissing(), "node1", "node2").claims())
        .containsAnyElementsOf(injection(new FdbWrong(), "node1", "node2").claims());
    assertThat(injection(new FdbMissing(), "node1", "node2").claims())
        .doesNotContainAnyElementsOf(injection(new FdbMissing(), "node1", "node3").claims())
        .doesNotContainAnyElementsOf(injection(new NeighMissing(), "node1", "node2").claims());
  }

  @Test
  void whatIsNotThereCannotBeBroken() {
    NodeSight bare =
        new NodeSight(
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Map.of(),
            List.of(),
            List.of());
    LabSight sight = new LabSight(TOPOLOGY, Map.of("node1", bare, "node2", bare));
    assertThatThrownBy(
            () ->
                new FdbMissing()
                    .injection(new Direction(Optional.of("node1"), Optional.of("node2")), sight))
        .hasMessageContaining("from node1 to node2 there is nothing to break");
  }
}
