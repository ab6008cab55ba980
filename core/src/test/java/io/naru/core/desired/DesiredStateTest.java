package io.naru.core.desired;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.path.Transport;
import io.naru.core.state.ForeignHook;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelState;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DesiredStateTest {
  private final Node self = Cluster.node(1, 0);
  private final Node near = Cluster.node(3, 0);
  private final Node far = Cluster.node(2, 1);

  private static Node withPodCidr(Node node, Prefix cidr) {
    return new Node(
        node.name(),
        node.kind(),
        node.underlay(),
        node.publicAddresses(),
        node.vtepMac(),
        node.vni(),
        node.vxlanPort(),
        node.agentPort(),
        List.of(cidr));
  }

  private static List<String> lines(KernelState state) {
    return state.entries().stream().map(KernelEntry::text).toList();
  }

  private List<String> desired(TransportPolicy policy) {
    return lines(DesiredState.of(Cluster.view(policy, self, near, far), Cluster.host()));
  }

  @Test
  void aPeerInAnotherSubnetIsReachedThroughTheTunnel() {
    assertThat(desired(TransportPolicy.AUTO))
        .contains(
            "route 10.244.2.0/24 via 10.244.2.0 dev naru-vxlan onlink src 10.244.1.1",
            "route fd44:0:0:2::/64 via fe80::ff:fe00:2 dev naru-vxlan onlink src fd44:0:0:1::1",
            "neighbour 10.244.2.0 lladdr " + far.vtepMac() + " dev naru-vxlan",
            "neighbour fe80::ff:fe00:2 lladdr " + far.vtepMac() + " dev naru-vxlan",
            "fdb " + far.vtepMac() + " dev naru-vxlan dst 172.26.51.12");
  }

  @Test
  void aPeerOnTheSameSubnetIsReachedDirectlyAndStaysProbeableThroughTheTunnel() {
    assertThat(desired(TransportPolicy.AUTO))
        .contains(
            "route 10.244.3.0/24 via 172.26.50.13 dev eth0 src 10.244.1.1",
            "route fd44:0:0:3::/64 via fd26:50::13 dev eth0 src fd44:0:0:1::1",
            "route 10.244.3.0/24 via 10.244.3.0 dev naru-vxlan onlink src 10.244.1.1 table 8472",
            "route 10.244.3.0/24 via 172.26.50.13 dev eth0 src 10.244.1.1 table 8471");
  }

  @Test
  void theConfigurationCanForbidATransport() {
    assertThat(desired(TransportPolicy.VXLAN)).noneMatch(line -> line.contains("via 172.26"));
    assertThat(desired(TransportPolicy.DIRECT))
        .noneMatch(line -> line.contains("fdb") || line.contains("10.244.2.0/24"));
    NodeView view = Cluster.view(TransportPolicy.DIRECT, self, near, far);
    assertThat(view.chosenTransport(far)).isEmpty();
    assertThat(view.transportReason(far)).contains("another subnet").contains("auto");
    assertThat(view.podMtu()).isEqualTo(1500);
  }

  @Test
  void podsGetTheMtuThatTheTunnelLeaves() {
    assertThat(Cluster.view(TransportPolicy.AUTO, self).podMtu()).isEqualTo(1450);
    assertThat(NodeView.tunnelOverhead(io.naru.core.address.IpFamily.IPV6)).isEqualTo(70);
  }

  @Test
  void packetsForUnknownPodsAreRefusedInsteadOfLeavingByTheDefaultRoute() {
    assertThat(desired(TransportPolicy.AUTO))
        .contains("route unreachable 10.244.0.0/16", "route unreachable 10.244.1.0/24");
  }

  @Test
  void aPodWhoseInterfaceIsGoneGetsNoRoute() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    HostFacts without =
        new HostFacts(Set.of("eth0"), List.of(), Set.of(), Set.of(), Set.of(), false);
    assertThat(lines(DesiredState.of(view, Cluster.host())))
        .contains("route 10.244.1.5/32 dev naru0123456789a");
    assertThat(lines(DesiredState.of(view, without))).noneMatch(l -> l.contains("10.244.1.5"));
  }

  @Test
  void aChainThatDropsForwardedPacketsIsAnsweredWhereItDrops() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    ForeignChain docker = new ForeignChain("ip", "filter", "FORWARD", ForeignHook.FORWARD);
    assertThat(lines(DesiredState.of(view, dropping(docker))))
        .contains("accept of pod packets in nft chain ip filter FORWARD");
    assertThat(AcceptRules.of(view, docker))
        .containsExactly("meta mark & 0x10000000 == 0x10000000");
    ForeignChain ipv6 = new ForeignChain("ip6", "filter", "FORWARD", ForeignHook.FORWARD);
    assertThat(AcceptRules.of(view, ipv6)).hasSize(1);
    NodeView ipv4 =
        with(
            with(view, "serviceCidrs", List.of("10.96.0.0/16")),
            "clusterCidrs",
            List.of("10.244.0.0/16"));
    assertThat(AcceptRules.of(ipv4, ipv6)).as("an IPv4 cluster").isEmpty();
  }

  @Test
  void whatMayPassAChainThatDropsIsMarkedBeforeAndUnmarkedAfterIt() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    ForeignChain docker = new ForeignChain("ip", "filter", "FORWARD", ForeignHook.FORWARD);
    ForeignChain ufw = new ForeignChain("ip", "filter", "INPUT", ForeignHook.INPUT);
    String mark = " meta mark set meta mark | 0x10000000 accept";
    assertThat(FilterScript.table(view, dropping(docker)).script().lines().map(String::strip))
        .containsSubsequence(
            "type filter hook forward priority -500; policy accept;",
            "meta mark set meta mark & 0xefffffff",
            "iifname \"naru*\" ip saddr 10.244.0.0/16" + mark,
            "oifname \"naru*\" ip saddr 10.244.0.0/16 ip daddr 10.244.0.0/16" + mark,
            "oifname \"naru*\" ip daddr 10.244.0.0/16 ct state established,related" + mark,
            "ct original ip daddr 10.96.0.0/16 ct reply ip saddr 10.244.0.0/16" + mark,
            "meta l4proto tcp ct original proto-dst 30000-32767 ct reply ip saddr 10.244.0.0/16 ct status dnat"
                + mark,
            "meta l4proto udp ct original proto-dst 30000-32767 ct reply ip saddr 10.244.0.0/16 ct status dnat"
                + mark,
            "type filter hook forward priority 500; policy accept;",
            "meta mark set meta mark & 0xefffffff");
    assertThat(FilterScript.table(view, dropping(ufw)).script())
        .as("without one, no packet meets a rule of this kind")
        .doesNotContain("forward");
  }

  private static NodeView withoutNames(NodeView view) {
    return with(view, "dns", false);
  }

  private static NodeView with(NodeView view, String key, Object value) {
    Map<String, Object> network =
        new HashMap<>(NetworkConfigurationParser.toMap(view.configuration()));
    network.put(key, value);
    return new NodeView(
        NetworkConfigurationParser.parse(network),
        view.self(),
        view.underlay(),
        view.peers(),
        view.pods());
  }

  private static HostFacts dropping(ForeignChain chain) {
    return new HostFacts(Set.of(), List.of(chain), Set.of(), Set.of(), Set.of(), false);
  }

  @Test
  void aChainThatDropsWhatComesInLetsPodsOfThisNodeAskForNames() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    ForeignChain ufw = new ForeignChain("ip", "filter", "INPUT", ForeignHook.INPUT);
    assertThat(lines(DesiredState.of(view, dropping(ufw))))
        .contains("accept of pods' questions for names in nft chain ip filter INPUT");
    assertThat(AcceptRules.of(view, ufw))
        .containsExactly(
            "iifname \"naru*\" ip saddr 10.244.1.0/24 ip daddr 169.254.20.10 udp dport 53",
            "iifname \"naru*\" ip saddr 10.244.1.0/24 ip daddr 169.254.20.10 tcp dport 53");
    ForeignChain both = new ForeignChain("inet", "firewalld", "filter_INPUT", ForeignHook.INPUT);
    assertThat(AcceptRules.of(view, both)).hasSize(4);
    assertThat(AcceptRules.of(withoutNames(view), both)).isEmpty();
    assertThat(lines(DesiredState.of(withoutNames(view), dropping(both))))
        .noneMatch(line -> line.contains("questions"));
  }

  @Test
  void strictReversePathIsLoosenedOnlyWhereItIsSet() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    HostFacts strict = new HostFacts(Set.of(), List.of(), Set.of("all"), Set.of(), Set.of(), false);
    assertThat(desired(TransportPolicy.AUTO))
        .noneMatch(line -> line.contains("conf/eth0/rp_filter"));
    assertThat(lines(DesiredState.of(view, strict)))
        .contains("sysctl net/ipv4/conf/eth0/rp_filter = 2");
  }

  @Test
  void aHostThatLearnsItsRoutesFromARouterGoesOnDoingSo() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self);
    HostFacts advertised =
        new HostFacts(Set.of(), List.of(), Set.of(), Set.of("eth0"), Set.of(), false);
    assertThat(desired(TransportPolicy.AUTO)).noneMatch(line -> line.contains("eth0/accept_ra"));
    List<String> lines = lines(DesiredState.of(view, advertised));
    assertThat(lines.indexOf("sysctl net/ipv6/conf/eth0/accept_ra = 2"))
        .isNotNegative()
        .isLessThan(lines.indexOf("sysctl net/ipv6/conf/all/forwarding = 1"));
  }

  @Test
  void theFilterTableCountsEachPeerAndTransport() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self, near, far);
    KernelEntry.FilterTable table = FilterScript.table(view, Cluster.host());
    assertThat(table.script())
        .contains("oifname \"eth0\" udp dport 8472 ip daddr @vxlan_sent4\n")
        .contains("iifname \"eth0\" ip saddr & 255.255.255.0 @direct_received4_24\n")
        .contains("ip saddr 10.244.1.0/24 ip daddr != { 10.244.0.0/16, 224.0.0.0/4 }")
        .contains(FilterScript.FINGERPRINT_PREFIX + table.fingerprint());
    assertThat(desired(TransportPolicy.AUTO))
        .contains(
            "nft element 172.26.50.13 of set vxlan_sent4",
            "nft element 172.26.51.12 of set vxlan_sent4",
            "nft element 172.26.51.12 of set vxlan_received4",
            "nft element 10.244.3.0 of set direct_sent4_24",
            "nft element 10.244.3.0 of set direct_received4_24")
        .doesNotContain("nft element 10.244.2.0 of set direct_sent4_24");
  }

  @Test
  void marksAreToldApartOnlyWhereAPeerHasTwoTransports() {
    assertThat(desired(TransportPolicy.AUTO)).anyMatch(line -> line.startsWith("rule "));
    assertThat(desired(TransportPolicy.AUTO))
        .as("the far peer has one transport")
        .noneMatch(line -> line.contains("10.244.2.0/24") && line.contains(" table 84"));
    assertThat(desired(TransportPolicy.VXLAN))
        .noneMatch(line -> line.startsWith("rule ") || line.contains(" table 84"))
        .noneMatch(line -> line.contains("direct_"));
    NodeView alone = Cluster.view(TransportPolicy.AUTO, self, far);
    assertThat(lines(DesiredState.of(alone, Cluster.host())))
        .noneMatch(line -> line.startsWith("rule "));
    assertThat(alone.withPeers(List.of(far, near)).differsInPeersAlone(alone, Set.of(near.name())))
        .isFalse();
  }

  @Test
  void aPodsSourceIsCheckedByTheFilterWhereTheReversePathIsNot() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self, near);
    HostFacts loose = new HostFacts(Set.of(), List.of(), Set.of(), Set.of(), Set.of(), true);
    assertThat(FilterScript.table(view, Cluster.host()).script())
        .contains("ip6 saddr != :: fib saddr . iif oif missing drop")
        .doesNotContain("nfproto ipv4");
    assertThat(FilterScript.table(view, loose).script())
        .contains("meta nfproto ipv4 fib saddr . iif oif missing drop");
  }

  @Test
  void aPeerMoreIsElementsAndNoOtherTableUnlessItsBlockIsOfAnotherLength() {
    NodeView one = Cluster.view(TransportPolicy.AUTO, self, near);
    NodeView two = Cluster.view(TransportPolicy.AUTO, self, near, far);
    assertThat(FilterScript.sameTable(one, two)).isTrue();
    Node odd = withPodCidr(far, Prefix.parse("10.244.128.0/20"));
    assertThat(FilterScript.sameTable(one, one.withPeers(List.of(near, odd)))).isFalse();
  }

  @Test
  void thePeersAloneAreWhatTheyAddToTheWhole() {
    NodeView without = Cluster.view(TransportPolicy.AUTO, self, near);
    NodeView view = without.withPeers(List.of(near, far));
    Set<KernelEntry> more = new HashSet<>(DesiredState.of(view, Cluster.host()).entries());
    more.removeAll(DesiredState.of(without, Cluster.host()).entries());
    assertThat(DesiredState.ofPeers(view, Set.of(far.name())).entries())
        .hasSameElementsAs(more)
        .isNotEmpty();
    assertThat(DesiredState.ofPeers(without, Set.of(far.name())).entries()).isEmpty();
  }

  @Test
  void bothUsableTransportsAreKnownInOrderOfPreference() {
    NodeView view = Cluster.view(TransportPolicy.AUTO, self, near, far);
    assertThat(view.usableTransports(near)).containsExactly(Transport.DIRECT, Transport.VXLAN);
    assertThat(view.usableTransports(far)).containsExactly(Transport.VXLAN);
  }
}
