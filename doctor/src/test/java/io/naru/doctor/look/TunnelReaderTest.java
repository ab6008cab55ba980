package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.doctor.peer.Tunnel;
import io.naru.linux.route.RouteNetlink;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the kernel has and a look cannot or must not hold. */
class TunnelReaderTest {
  @Test
  void servicesAddressesAreNotTheNodesAndAnOddDeviceIsLeftOutAndTold() {
    try (OwnNamespace node = OwnNamespace.create()) {
      node.run(
          """
          ip link add kube-ipvs0 type bridge
          ip address add 10.96.0.1/32 dev kube-ipvs0
          ip link add lan type bridge
          ip address add 192.0.2.7/24 dev lan
          ip link set lan up
          ip link add vx1 type vxlan id 1 dev lan dstport 4789
          ip link add vx+2 type vxlan id 2 dev lan dstport 4790""");
      node.namespace()
          .run(
              () -> {
                try (RouteNetlink netlink = RouteNetlink.open()) {
                  TunnelReader reader = new TunnelReader(netlink, PeerNetwork.KERNEL);
                  assertThat(reader.nodeAddresses()).containsExactly(IpAddress.parse("192.0.2.7"));
                  assertThat(reader.tunnels(List.of()))
                      .extracting(Tunnel::device)
                      .containsExactly("vx1");
                  assertThat(reader.leftOut())
                      .singleElement()
                      .asString()
                      .startsWith("the device vx+2");
                }
              });
    }
  }
}
