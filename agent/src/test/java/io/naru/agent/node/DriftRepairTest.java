package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What someone changes by hand comes back, each kind of entry by its own trigger alone. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DriftRepairTest {
  private RepairedNode node;

  @BeforeAll
  void start(@TempDir Path directory) {
    node = new RepairedNode(directory).start();
  }

  @BeforeEach
  void settle() {
    node.settle();
  }

  @AfterAll
  void close() {
    node.close();
  }

  private static String named(String command) {
    return command
        .replace("FAR", RepairedNode.FAR.vtepMac().toString())
        .replace("POD", RepairedNode.POD);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link del naru-vxlan",
        "ip link set naru-vxlan down",
        "ip link set naru-vxlan mtu 1400",
        "ip link set naru-vxlan address 02:00:00:00:00:77",
        "ip link set naru-vxlan type vxlan id 1 learning",
        "ip link add br77 type bridge && ip link set naru-vxlan master br77",
      })
  void theTunnelDevice(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip addr del 10.244.1.1/32 dev naru-vxlan",
        "ip addr del fd44:0:0:1::1/128 dev naru-vxlan",
        "ip addr add 10.244.1.200/32 dev naru-vxlan",
        "ip addr add 169.254.7.7/16 dev naru-vxlan",
        "ip addr add 192.0.2.7/24 dev naru-vxlan",
        "ip addr add 2001:db8::7/64 dev naru-vxlan nodad",
        "ip addr add 169.254.7.7/16 dev POD",
        "ip addr add 2001:db8::7/64 dev POD nodad",
      })
  void addressesOnOurDevices(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip route del 10.244.2.0/24",
        "ip route replace 10.244.2.0/24 dev eth0 proto 72",
        "ip route replace 10.244.2.0/24 dev eth0",
        "ip route replace 10.244.2.0/24 via 10.244.2.0 dev naru-vxlan onlink proto 72",
        "ip route replace blackhole 10.244.2.0/24 proto 72",
        "ip route change 10.244.2.0/24 via 10.244.2.0 dev naru-vxlan onlink src 10.244.1.1 proto 72 mtu 600",
        "ip route replace 10.244.3.0/24 via 172.26.50.99 dev eth0 src 10.244.1.1 proto 72",
        "ip route del 10.244.3.0/24 table 8471",
        "ip route del 10.244.3.0/24 table 8472",
        "ip route del unreachable 10.244.0.0/16",
        "ip route replace blackhole 10.244.0.0/16 proto 72",
        "ip route del unreachable 10.244.1.0/24",
        "ip route add 10.244.99.0/24 dev eth0 proto 72",
        "ip route add unreachable 10.99.0.0/16 proto 72",
        "ip route flush proto 72",
      })
  void routes(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip -6 route del fd44:0:0:2::/64",
        "ip -6 route replace fd44:0:0:2::/64 dev eth0 proto 72",
        "ip -6 route replace fd44:0:0:2::/64 dev eth0",
        "ip -6 route replace fd44:0:0:3::/64 via fd26:50::99 dev eth0 proto 72",
        "ip -6 route del fd44:0:0:3::/64 table 8471",
        "ip -6 route del fd44:0:0:3::/64 table 8472",
        "ip -6 route del unreachable fd44::/48",
        "ip -6 route del unreachable fd44:0:0:1::/64",
        "ip -6 route add fd44:0:0:99::/64 dev eth0 proto 72",
        "ip -6 route flush proto 72",
      })
  void routesOfIpv6(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip neigh del 10.244.2.0 dev naru-vxlan",
        "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "ip neigh replace 10.244.2.0 lladdr FAR dev naru-vxlan nud reachable",
        "ip neigh add 10.244.77.0 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "ip neigh del fe80::ff:fe00:2 dev naru-vxlan",
        "ip neigh replace fe80::ff:fe00:2 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "ip neigh add fe80::77 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "bridge fdb del FAR dev naru-vxlan",
        "bridge fdb replace FAR dev naru-vxlan dst 172.26.51.99",
        "bridge fdb append 02:00:00:00:00:77 dev naru-vxlan dst 172.26.51.88",
        "bridge fdb append 00:00:00:00:00:00 dev naru-vxlan dst 172.26.51.88",
        "bridge fdb replace FAR dev naru-vxlan dst 172.26.51.12 port 4789",
      })
  void neighboursAndForwardingEntries(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip rule del priority 472 fwmark 0x6f000000/0xff000000",
        "ip rule del priority 472 fwmark 0x6e000000/0xff000000",
        "ip rule add priority 473 fwmark 0x1/0x1 lookup 99 protocol 72",
        "ip rule del priority 472 fwmark 0x6f000000/0xff000000; ip rule add priority 472 fwmark 0x6f000000/0xff000000 lookup 99 protocol 72",
        "ip -6 rule del priority 472 fwmark 0x6f000000/0xff000000",
        "ip -6 rule del priority 472 fwmark 0x6e000000/0xff000000",
        "ip -6 rule add priority 473 fwmark 0x1/0x1 lookup 99 protocol 72",
      })
  void rules(String command) {
    node.isRepairedAfter(named(command));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "echo 0 >/proc/sys/net/ipv4/ip_forward",
        "echo 0 >/proc/sys/net/ipv6/conf/all/forwarding",
        "echo 1 >/proc/sys/net/ipv4/conf/naru-vxlan/rp_filter",
        "echo 1 >/proc/sys/net/ipv6/conf/naru-vxlan/accept_ra",
        "echo 0 >/proc/sys/net/ipv4/conf/POD/rp_filter",
        "echo 2 >/proc/sys/net/ipv6/conf/POD/accept_ra",
      })
  void settings(String command) {
    node.isRepairedAfter(named(command));
  }

  @Test
  void aReversePathThatSomeoneMakesStrictIsLoosenedOnTheUnderlay() {
    node.run("echo 1 >/proc/sys/net/ipv4/conf/all/rp_filter");
    await()
        .untilAsserted(
            () ->
                assertThat(node.run("cat /proc/sys/net/ipv4/conf/eth0/rp_filter").strip())
                    .isEqualTo("2"));
    node.run("echo 0 >/proc/sys/net/ipv4/conf/all/rp_filter");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ip link set POD down",
        "ip link set POD mtu 1300",
        "ip link set POD address 02:00:00:00:00:66",
        "ip link add br78 type bridge && ip link set POD master br78",
        "ip route del 10.244.1.5/32",
        "ip route replace 10.244.1.5/32 dev eth0",
        "ip -6 route del fd44:0:0:1::5/128",
        "ip -6 route replace fd44:0:0:1::5/128 dev eth0",
        "ip neigh del 10.244.1.5 dev POD",
        "ip neigh replace 10.244.1.5 lladdr 02:00:00:00:00:77 dev POD nud permanent",
        "ip neigh del fd44:0:0:1::5 dev POD",
      })
  void thePodsHostEnd(String command) {
    node.isRepairedAfter(named(command));
  }
}
