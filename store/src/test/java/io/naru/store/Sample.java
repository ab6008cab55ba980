package io.naru.store;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.service.Backend;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Values for the tests. */
public final class Sample {
  private Sample() {}

  public static NetworkConfiguration dualStack() {
    return NetworkConfigurationParser.parse(
        Map.of(
            "clusterCidrs", List.of("10.244.0.0/16", "fd10:244::/48"),
            "podCidrLengthIpv4", 24,
            "podCidrLengthIpv6", 64));
  }

  public static NodeName name(int i) {
    return new NodeName("node" + i);
  }

  public static Node node(int i, List<Prefix> podCidrs) {
    IpAddress address = IpAddress.parse("172.26." + (50 + i / 250) + "." + (1 + i % 250));
    return new Node(
        name(i),
        NodeKind.AGENT,
        List.of(new InterfaceAddress(address, 24)),
        List.of(address),
        MacAddress.locallyAdministered(i),
        1,
        8472,
        8472,
        podCidrs);
  }

  public static NodeName foreignName(int i) {
    return new NodeName("foreign" + i);
  }

  public static ForeignNode foreign(int i, String podCidr) {
    return new ForeignNode(
        foreignName(i),
        List.of(IpAddress.parse("172.27." + i / 250 + "." + (1 + i % 250))),
        MacAddress.locallyAdministered(0x1_0000 + i),
        List.of(Prefix.parse(podCidr)));
  }

  /** A service of one port and one backend, which leaves its address to the store. */
  public static Service service(String name, String backend) {
    return Service.of(
        ServiceName.parse(name),
        List.of(),
        List.of(new ServicePort("http", Protocol.TCP, 80, 8080, Optional.empty())),
        List.of(Backend.ready(IpAddress.parse(backend))));
  }

  public static PathNotice notice(int from, int to, int observer) {
    return new PathNotice(
        new PathId(name(from), name(to), Transport.VXLAN),
        name(observer),
        PathState.BROKEN,
        "UDP 8472 is dropped",
        Optional.of("node" + from + "/nic"),
        Optional.empty(),
        Instant.parse("2026-01-02T03:04:05.678Z"),
        Instant.EPOCH);
  }
}
