package io.naru.core.desired;

import static io.naru.core.address.IpFamily.IPV4;
import static io.naru.core.address.IpFamily.IPV6;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.path.Transport;
import io.naru.core.state.KernelEntry;
import io.naru.core.underlay.Underlay;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Nodes and pods of IPv4, of IPv6 and of both, in every mixture. */
class FamiliesTest {
  private static final Node SELF = Cluster.node(1, 0);
  private static final Node NEAR = Cluster.node(3, 0);
  private static final Node FAR = Cluster.node(2, 1);

  private static Node on(IpFamily family, Node node) {
    return new Node(
        node.name(),
        node.kind(),
        node.underlay().stream().filter(a -> a.address().family() == family).toList(),
        node.publicAddresses().stream().filter(a -> a.family() == family).toList(),
        node.vtepMac(),
        node.vni(),
        node.vxlanPort(),
        node.agentPort(),
        node.podCidrs());
  }

  private static Node withPods(IpFamily family, Node node) {
    return new Node(
        node.name(),
        node.kind(),
        node.underlay(),
        node.publicAddresses(),
        node.vtepMac(),
        node.vni(),
        node.vxlanPort(),
        node.agentPort(),
        node.podCidrs().stream().filter(cidr -> cidr.family() == family).toList());
  }

  private static NodeView view(
      TransportPolicy policy, IpFamily tunnel, int mtu, Node self, Node... peers) {
    NetworkConfiguration network = Cluster.configuration(policy);
    return new NodeView(
        new NetworkConfiguration(
            network.clusterCidrs(),
            network.podCidrLengthIpv4(),
            network.podCidrLengthIpv6(),
            network.vni(),
            network.vxlanPort(),
            network.agentPort(),
            policy,
            network.mtu(),
            network.noMasqueradeCidrs(),
            network.masqueradeIpv6(),
            tunnel,
            200,
            network.services()),
        self,
        new Underlay(
            "eth0",
            mtu,
            self.underlay(),
            self.underlay().stream().map(InterfaceAddress::prefix).toList(),
            "test"),
        List.of(peers),
        List.of());
  }

  private static NodeView auto(Node self, Node... peers) {
    return view(TransportPolicy.AUTO, IPV4, 1500, self, peers);
  }

  private static List<String> lines(NodeView view) {
    return DesiredState.of(view, Cluster.host()).entries().stream().map(KernelEntry::text).toList();
  }

  @Test
  void anIpv6UnderlayCarriesPodsOfBothFamiliesByEveryTransport() {
    NodeView view = auto(on(IPV6, SELF), on(IPV6, NEAR), on(IPV6, FAR));
    assertThat(view.usableTransports(on(IPV6, NEAR)))
        .containsExactly(Transport.DIRECT, Transport.VXLAN);
    assertThat(lines(view))
        .contains(
            "route 10.244.3.0/24 via fd26:50::13 dev eth0 src 10.244.1.1",
            "route fd44:0:0:3::/64 via fd26:50::13 dev eth0 src fd44:0:0:1::1",
            "route 10.244.2.0/24 via 10.244.2.0 dev naru-vxlan onlink src 10.244.1.1",
            "fdb " + FAR.vtepMac() + " dev naru-vxlan dst fd26:51::12")
        .anyMatch(line -> line.contains("local fd26:50::11"));
    assertThat(view.podMtu()).isEqualTo(1430);
  }

  @Test
  void anIpv4UnderlayCarriesIpv6PodsThroughTheTunnelOnly() {
    NodeView view = auto(on(IPV4, SELF), on(IPV4, NEAR));
    assertThat(view.usableTransports(on(IPV4, NEAR))).containsExactly(Transport.VXLAN);
    assertThat(view.transportReason(on(IPV4, NEAR)))
        .isEqualTo("direct routes cannot carry IPv6 pods");
    Node plain = withPods(IPV4, on(IPV4, NEAR));
    assertThat(auto(withPods(IPV4, on(IPV4, SELF)), plain).usableTransports(plain))
        .containsExactly(Transport.DIRECT, Transport.VXLAN);
  }

  @Test
  void whereOnlyDirectRoutesAreWantedTheyCarryWhatTheyCanAndSaySo() {
    NodeView view = view(TransportPolicy.DIRECT, IPV4, 1500, on(IPV4, SELF), on(IPV4, NEAR));
    assertThat(view.chosenTransport(on(IPV4, NEAR))).contains(Transport.DIRECT);
    assertThat(view.transportReason(on(IPV4, NEAR)))
        .isEqualTo("same subnet on eth0, but direct routes cannot carry IPv6 pods");
    assertThat(view.carried(on(IPV4, NEAR), Transport.DIRECT)).hasSize(1);
  }

  @ParameterizedTest
  @CsvSource({"IPV4, 1450", "IPV6, 1430"})
  void theConfigurationChoosesTheTunnelsFamilyWhereNodesHaveBoth(IpFamily family, int mtu) {
    NodeView view = view(TransportPolicy.VXLAN, family, 1500, SELF, FAR);
    assertThat(view.tunnelFamily()).isEqualTo(family);
    assertThat(view.tunnelAddress(FAR)).isEqualTo(FAR.publicAddress(family));
    assertThat(view.podMtu()).isEqualTo(mtu);
    NodeView without = view(TransportPolicy.VXLAN, family, 1500, on(family.other(), SELF), FAR);
    assertThat(without.tunnelFamily()).isEqualTo(family.other());
  }

  @Test
  void nodesOfDifferentFamiliesSayWhyTheyCannotReachEachOther() {
    Node only6 = on(IPV6, FAR);
    assertThat(auto(SELF, only6).chosenTransport(only6)).isEmpty();
    assertThat(auto(SELF, only6).transportReason(only6))
        .isEqualTo(
            "node2 has no IPv4 address for the tunnel; give it one, or set tunnelFamily to ipv6");
    assertThat(auto(on(IPV6, SELF), FAR).transportReason(FAR))
        .isEqualTo(
            "this node has no IPv4 address for the tunnel; give it one, or set tunnelFamily to"
                + " ipv6");
    for (TransportPolicy policy : TransportPolicy.values()) {
      NodeView apart = view(policy, IPV4, 1500, on(IPV4, SELF), only6);
      assertThat(apart.chosenTransport(only6)).isEmpty();
      assertThat(apart.transportReason(only6))
          .isEqualTo(
              "node2 has only IPv6 on the underlay and this node only IPv4; give both an address"
                  + " of one family");
      assertThat(lines(apart)).noneMatch(line -> line.contains("10.244.2.0"));
    }
    NodeView six = view(TransportPolicy.AUTO, IPV6, 1500, SELF, only6);
    assertThat(six.chosenTransport(only6)).contains(Transport.VXLAN);
  }

  @Test
  void nodesWhosePodsHaveNoFamilyInCommonSaySo() {
    Node peer = withPods(IPV6, NEAR);
    NodeView view = auto(withPods(IPV4, SELF), peer);
    assertThat(view.usableTransports(peer)).isEmpty();
    assertThat(view.transportReason(peer))
        .isEqualTo("node3 has pods with IPv6 and this node with IPv4");
    assertThat(lines(view)).noneMatch(line -> line.contains("fd44"));
  }

  @ParameterizedTest
  @CsvSource({"1500, 1450", "9001, 8951", "1400, 1350", "1330, 1280", "1300, 1280", "600, 1280"})
  void theMtuFollowsTheUnderlaysAndNeverTakesIpv6Away(int underlay, int pods) {
    NodeView view = view(TransportPolicy.AUTO, IPV4, underlay, SELF, NEAR);
    assertThat(view.podMtu()).isEqualTo(pods);
    assertThat(view.tunnelMtu()).isEqualTo(pods);
    assertThat(view.mtuProblem().isPresent()).isEqualTo(underlay < 1330);
  }

  @Test
  void withoutIpv6PodsASmallerMtuWillDo() {
    NodeView view = view(TransportPolicy.AUTO, IPV4, 1300, withPods(IPV4, SELF));
    assertThat(view.podMtu()).isEqualTo(1250);
    assertThat(view.mtuProblem()).isEmpty();
    NodeView direct = view(TransportPolicy.DIRECT, IPV4, 1290, SELF);
    assertThat(direct.podMtu()).isEqualTo(1290);
    assertThat(direct.mtuProblem()).isEmpty();
  }

  @Test
  void everyUplinkThatLearnsItsRoutesFromARouterGoesOnDoingSo() {
    HostFacts host =
        new HostFacts(
            Set.of("eth0", "eth1", "eth2", "eth3"),
            List.of(),
            Set.of(),
            Set.of("eth0", "eth1", "eth2"),
            Set.of("eth1", "eth3"),
            false);
    List<String> lines =
        DesiredState.of(auto(SELF), host).entries().stream().map(KernelEntry::text).toList();
    assertThat(lines)
        .contains("sysctl net/ipv6/conf/eth0/accept_ra = 2") // the underlay, whatever it knows yet
        .contains("sysctl net/ipv6/conf/eth1/accept_ra = 2")
        .noneMatch(line -> line.contains("eth2/accept_ra")) // it never heard of a router
        .noneMatch(line -> line.contains("eth3/accept_ra")); // somebody else listens there
  }

  @Test
  void masqueradeOfIpv6CanBeSwitchedOff() {
    NodeView view = auto(SELF);
    assertThat(FilterScript.table(view, Cluster.host()).script())
        .contains("ip6 saddr fd44:0:0:1::/64 ip6 daddr");
    NetworkConfiguration network = view.configuration();
    NodeView without =
        new NodeView(
            new NetworkConfiguration(
                network.clusterCidrs(),
                network.podCidrLengthIpv4(),
                network.podCidrLengthIpv6(),
                network.vni(),
                network.vxlanPort(),
                network.agentPort(),
                network.transport(),
                network.mtu(),
                network.noMasqueradeCidrs(),
                false,
                IPV4,
                200,
                network.services()),
            SELF,
            view.underlay(),
            List.of(),
            List.of());
    assertThat(FilterScript.table(without, Cluster.host()).script())
        .contains("ip saddr 10.244.1.0/24 ip daddr != {")
        .doesNotContain("ip6 saddr fd44:0:0:1::/64 ip6 daddr");
  }
}
