package io.naru.agent;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.ServiceSettings;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.LocalPod;
import io.naru.core.desired.NodeView;
import io.naru.core.underlay.Underlay;
import java.util.List;
import java.util.Optional;

/**
 * Made-up clusters: node i of subnet s is 172.26.(50+s).(10+i), with pods in 10.244.i.0/24; both
 * families.
 */
public final class TestCluster {
  /** The node's end of its one pod's veth pair. */
  public static final String POD_INTERFACE = "naru0123456789a";

  private TestCluster() {}

  public static Node node(int number, int subnet) {
    InterfaceAddress ipv4 =
        InterfaceAddress.parse("172.26." + (50 + subnet) + "." + (10 + number) + "/24");
    InterfaceAddress ipv6 =
        InterfaceAddress.parse("fd26:" + (50 + subnet) + "::" + (10 + number) + "/64");
    return new Node(
        new NodeName("node" + number),
        NodeKind.AGENT,
        List.of(ipv4, ipv6),
        List.of(ipv4.address(), ipv6.address()),
        MacAddress.locallyAdministered(number),
        1,
        8472,
        8472,
        List.of(
            Prefix.parse("10.244." + number + ".0/24"),
            Prefix.parse("fd44:0:0:" + number + "::/64")));
  }

  /** The same node on an underlay of one family; its pods keep both. */
  public static Node on(IpFamily family, Node node) {
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

  /** The same node, reached at another TCP port. */
  public static Node at(IpAddress address, int agentPort, Node node) {
    return new Node(
        node.name(),
        node.kind(),
        node.underlay(),
        List.of(address),
        node.vtepMac(),
        node.vni(),
        node.vxlanPort(),
        agentPort,
        node.podCidrs());
  }

  public static NetworkConfiguration configuration(TransportPolicy policy) {
    NetworkConfiguration ipv4 = NetworkConfiguration.defaults();
    return new NetworkConfiguration(
        List.of(Prefix.parse("10.244.0.0/16"), Prefix.parse("fd44::/48")),
        ipv4.podCidrLengthIpv4(),
        ipv4.podCidrLengthIpv6(),
        ipv4.vni(),
        ipv4.vxlanPort(),
        ipv4.agentPort(),
        policy,
        Optional.empty(),
        List.of(),
        true,
        IpFamily.IPV4,
        200,
        ServiceSettings.defaults(
            List.of(Prefix.parse("10.244.0.0/16"), Prefix.parse("fd44::/48")), List.of()));
  }

  /** The same with another family of the tunnel's outer packets. */
  public static NetworkConfiguration withTunnel(IpFamily family, NetworkConfiguration network) {
    return new NetworkConfiguration(
        network.clusterCidrs(),
        network.podCidrLengthIpv4(),
        network.podCidrLengthIpv6(),
        network.vni(),
        network.vxlanPort(),
        network.agentPort(),
        network.transport(),
        network.mtu(),
        network.noMasqueradeCidrs(),
        network.masqueradeIpv6(),
        family,
        200,
        network.services());
  }

  public static Underlay underlay(Node self) {
    return new Underlay(
        "eth0",
        1500,
        self.underlay(),
        self.underlay().stream().map(InterfaceAddress::prefix).toList(),
        "test");
  }

  public static NodeView view(TransportPolicy policy, Node self, List<Node> peers) {
    LocalPod pod =
        new LocalPod(
            POD_INTERFACE,
            MacAddress.locallyAdministered(99),
            self.podCidrs().stream().map(cidr -> cidr.address().plus(5)).toList());
    return new NodeView(configuration(policy), self, underlay(self), peers, List.of(pod));
  }
}
