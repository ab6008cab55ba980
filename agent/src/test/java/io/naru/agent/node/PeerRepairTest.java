package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.core.address.MacAddress;
import io.naru.core.cluster.Node;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Peers that change, while the agent runs and while it does not. */
class PeerRepairTest {
  private RepairedNode node;

  @BeforeEach
  void start(@TempDir Path directory) {
    node = new RepairedNode(directory).start().settle();
  }

  @AfterEach
  void close() {
    node.close();
  }

  private static Node withMac(Node peer, MacAddress mac) {
    return new Node(
        peer.name(),
        peer.kind(),
        peer.underlay(),
        peer.publicAddresses(),
        mac,
        peer.vni(),
        peer.vxlanPort(),
        peer.agentPort(),
        peer.podCidrs());
  }

  private static Node movedTo(String address, Node peer) {
    Node elsewhere = TestCluster.node(9, 1);
    assertThat(elsewhere.publicAddresses().getFirst()).hasToString(address);
    return new Node(
        peer.name(),
        peer.kind(),
        elsewhere.underlay(),
        elsewhere.publicAddresses(),
        peer.vtepMac(),
        peer.vni(),
        peer.vxlanPort(),
        peer.agentPort(),
        peer.podCidrs());
  }

  private void assertFollowsMac(MacAddress mac) {
    await()
        .untilAsserted(
            () -> {
              assertThat(node.run("bridge fdb show dev naru-vxlan"))
                  .contains(mac + " dst 172.26.51.12")
                  .doesNotContain(RepairedNode.FAR.vtepMac().toString());
              assertThat(node.run("ip neigh show 10.244.2.0")).contains(mac.toString());
              assertThat(node.run("ip -6 route show fd44:0:0:2::/64")).contains("fe80::ff:fe00:77");
            });
    node.settle();
  }

  private static final MacAddress OTHER_MAC = MacAddress.locallyAdministered(0x77);

  @Test
  void anotherVtepMacOfAPeerIsFollowed() {
    node.publish(withMac(RepairedNode.FAR, OTHER_MAC));
    assertFollowsMac(OTHER_MAC);
  }

  @Test
  void anotherAddressOfAPeerIsFollowed() {
    node.publish(movedTo("172.26.51.19", RepairedNode.FAR));
    await()
        .until(
            () ->
                node.run("bridge fdb show dev naru-vxlan")
                    .contains(RepairedNode.FAR.vtepMac() + " dst 172.26.51.19"));
    node.settle();
  }

  @Test
  void whatChangedWhileTheAgentWasDownIsThereSoonAfterItsStart() {
    node.stop();
    node.store.withdrawNode(RepairedNode.NEAR.name());
    node.publish(withMac(RepairedNode.FAR, OTHER_MAC));
    Node added = TestCluster.node(4, 0);
    node.publish(added);
    node.start();
    assertFollowsMac(OTHER_MAC);
    assertThat(String.join("\n", node.state()))
        .doesNotContain("10.244.3.", "172.26.50.13", RepairedNode.NEAR.vtepMac().toString())
        .contains("10.244.4.0/24 via 172.26.50.14", added.vtepMac().toString());
  }

  @Test
  void whatSomeoneDidWhileTheAgentWasDownIsUndoneAtItsStart() {
    List<String> before = node.state();
    node.stop();
    node.run(
        "ip link set naru-vxlan address 02:00:00:00:00:55; ip route flush proto 72;"
            + " ip rule del priority 472; echo 0 >/proc/sys/net/ipv4/ip_forward;"
            + " ip addr add 192.0.2.1/24 dev naru-vxlan; ip link set "
            + RepairedNode.POD
            + " down");
    node.start();
    await().untilAsserted(() -> assertThat(node.state()).isEqualTo(before));
  }

  /** Only what the kernel tells from now on: devices that were there before make no event. */
  @Test
  void anAgentThatFindsItsDeviceThereHearsOfItsNeighboursAndForwardingEntries() {
    // The end of duplicate address detection, a second or two after its beginning, is an event.
    await().until(() -> node.run("ip -6 addr show tentative").isBlank());
    node.settle();
    node.stop();
    node.start().settle();
    assertThat(node.passes)
        .as("nothing is to do, so that no event comes of it")
        .allSatisfy(pass -> assertThat(pass.plan().text()).isEmpty());
    node.isRepairedAfter("bridge fdb del " + RepairedNode.FAR.vtepMac() + " dev naru-vxlan");
    node.isRepairedAfter("ip neigh del 10.244.2.0 dev naru-vxlan");
    node.isRepairedAfter("ip neigh del 10.244.1.5 dev " + RepairedNode.POD);
  }
}
