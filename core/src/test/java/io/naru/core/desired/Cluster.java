package io.naru.core.desired;

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
import io.naru.core.underlay.Underlay;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Made-up clusters for tests: node i of subnet s is 172.26.(50+s).(10+i) with pods 10.244.i.0/24.
 */
public final class Cluster {
  private Cluster() {}

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

  public static NodeView view(TransportPolicy policy, Node self, Node... peers) {
    Underlay underlay =
        new Underlay(
            "eth0",
            1500,
            self.underlay(),
            self.underlay().stream().map(InterfaceAddress::prefix).toList(),
            "test");
    LocalPod pod =
        new LocalPod(
            "naru0123456789a",
            MacAddress.locallyAdministered(99),
            List.of(
                self.podCidrs().get(0).address().plus(5),
                self.podCidrs().get(1).address().plus(5)));
    return new NodeView(configuration(policy), self, underlay, List.of(peers), List.of(pod));
  }

  public static HostFacts host() {
    return new HostFacts(
        Set.of("eth0", "naru0123456789a"), List.of(), Set.of(), Set.of(), Set.of(), false);
  }

  public static IpAddress ip(String text) {
    return IpAddress.parse(text);
  }
}
