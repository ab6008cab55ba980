package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.core.underlay.Underlay;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** A made-up cluster's state in a real kernel: put there, read back, kept, and taken away. */
class KernelPassTest {
  private static final Node SELF = TestCluster.node(1, 0);
  private static final Node FAR = TestCluster.node(2, 1);
  private static final Node NEAR = TestCluster.node(3, 0);
  private static final NodeView VIEW =
      TestCluster.view(TransportPolicy.AUTO, SELF, List.of(FAR, NEAR));

  @TempDir Path directory;
  private TestKernel kernel;

  @BeforeEach
  void makeKernel() {
    kernel = new TestKernel(directory);
  }

  @AfterEach
  void removeKernel() {
    kernel.close();
  }

  private void assertNothingDiffers(NodeView view) {
    assertThat(kernel.plan(view).text()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(TransportPolicy.class)
  void whatIsPutThereIsReadBack(TransportPolicy policy) {
    NodeView view = TestCluster.view(policy, SELF, List.of(FAR, NEAR));
    assertThat(kernel.pass(view)).isEmpty();
    assertNothingDiffers(view);
  }

  @ParameterizedTest
  @CsvSource({"IPV4,AUTO", "IPV6,AUTO", "IPV4,VXLAN", "IPV6,VXLAN", "IPV4,DIRECT", "IPV6,DIRECT"})
  void anUnderlayOfOneFamilyCarriesPodsOfBoth(IpFamily family, TransportPolicy policy) {
    Node self = TestCluster.on(family, SELF);
    List<Node> peers = Stream.of(FAR, NEAR).map(peer -> TestCluster.on(family, peer)).toList();
    NodeView view = TestCluster.view(policy, self, peers);
    assertThat(kernel.pass(view)).isEmpty();
    assertNothingDiffers(view);
  }

  @Test
  void ipv4PodsGoDirectlyByIpv6GatewaysWhereTheUnderlayHasNoOthers() {
    List<Node> peers = List.of(TestCluster.on(IpFamily.IPV6, NEAR));
    NodeView view =
        TestCluster.view(TransportPolicy.AUTO, TestCluster.on(IpFamily.IPV6, SELF), peers);
    assertThat(kernel.pass(view)).isEmpty();
    assertThat(kernel.run("ip route show 10.244.3.0/24"))
        .contains("via inet6 fd26:50::13 dev eth0");
    assertThat(kernel.run("ip -6 route show fd44:0:0:3::/64")).contains("via fd26:50::13 dev eth0");
    assertThat(kernel.apply(kernel.cleaning())).isEmpty();
    assertThat(kernel.run("ip route show table all")).doesNotContain("inet6");
  }

  @Test
  void uplinksThatLearnTheirRoutesFromRoutersGoOnDoingSo() {
    for (String link : List.of("eth1", "eth2")) {
      kernel.run(
          "ip link add %1$s type veth peer name wire-%1$s && ip link set %1$s up".formatted(link));
    }
    kernel.run("ip -6 route add 2001:db8:9::/64 dev eth1 proto ra");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("cat /proc/sys/net/ipv6/conf/eth[012]/accept_ra")).isEqualTo("2\n2\n1\n");
    assertNothingDiffers(VIEW);
  }

  @Test
  void onePassLeadsFromOneTunnelFamilyToTheOther() {
    for (IpFamily family : List.of(IpFamily.IPV4, IpFamily.IPV6, IpFamily.IPV4)) {
      NodeView view =
          new NodeView(
              TestCluster.withTunnel(family, VIEW.configuration()),
              SELF,
              VIEW.underlay(),
              List.of(FAR, NEAR),
              VIEW.pods());
      assertThat(kernel.pass(view)).isEmpty();
      assertNothingDiffers(view);
      assertThat(kernel.run("bridge fdb show dev naru-vxlan"))
          .contains("dst " + FAR.publicAddress(family).orElseThrow());
    }
  }

  @Test
  void onePassLeadsFromEveryPolicyToEveryOther() {
    for (TransportPolicy from : TransportPolicy.values()) {
      for (TransportPolicy to : TransportPolicy.values()) {
        assertThat(kernel.pass(TestCluster.view(from, SELF, List.of(FAR, NEAR)))).isEmpty();
        NodeView view = TestCluster.view(to, SELF, List.of(FAR, NEAR));
        assertThat(kernel.pass(view)).isEmpty();
        assertNothingDiffers(view);
      }
    }
  }

  @Test
  void aPeerComesMovesAndGoes() {
    Node moved = TestCluster.at(TestCluster.node(9, 1).publicAddresses().getFirst(), 8472, FAR);
    for (List<Node> peers :
        List.of(List.of(NEAR), List.of(FAR, NEAR), List.of(moved, NEAR), List.<Node>of())) {
      NodeView view = TestCluster.view(TransportPolicy.AUTO, SELF, peers);
      assertThat(kernel.pass(view)).isEmpty();
      assertNothingDiffers(view);
    }
    assertThat(kernel.run("bridge fdb show dev naru-vxlan")).doesNotContain("172.26");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ip link del naru-vxlan",
        "ip link set naru-vxlan down",
        "ip link set naru-vxlan mtu 1400",
        "ip link set naru-vxlan address 02:00:00:00:00:77",
        "ip link del naru-vxlan; ip link add naru-vxlan type vxlan id 99 dstport 8472 dev eth0",
        "ip link del naru-vxlan; ip link add naru-vxlan type vxlan id 1 dstport 4789 dev eth0",
        "ip addr del 10.244.1.1/32 dev naru-vxlan",
        "ip addr add 10.244.1.200/32 dev naru-vxlan",
        "ip addr del fd44:0:0:1::1/128 dev naru-vxlan",
        "ip neigh del 10.244.2.0 dev naru-vxlan",
        "ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "ip neigh add 10.244.77.0 lladdr 02:00:00:00:00:77 dev naru-vxlan nud permanent",
        "ip neigh del fe80::ff:fe00:2 dev naru-vxlan",
        "ip neigh del 10.244.1.5 dev naru0123456789a",
        "bridge fdb del FAR dev naru-vxlan",
        "bridge fdb replace FAR dev naru-vxlan dst 172.26.51.99",
        "bridge fdb append 02:00:00:00:00:77 dev naru-vxlan dst 172.26.51.88",
        "ip route del 10.244.2.0/24",
        "ip route del 10.244.3.0/24 table 8472",
        "ip route replace 10.244.2.0/24 dev eth0 proto 72",
        "ip route add 10.244.99.0/24 dev eth0 proto 72",
        "ip route add unreachable 10.99.0.0/16 proto 72",
        "ip -6 route del fd44:0:0:2::/64",
        "ip -6 route replace fd44:0:0:2::/64 dev eth0 proto 72",
        "ip route del unreachable 10.244.0.0/16",
        "ip -6 route del unreachable fd44::/48",
        "ip route del 10.244.1.5/32",
        "ip -6 route del fd44:0:0:1::5/128",
        "ip rule del priority 472 fwmark 0x6f000000/0xff000000",
        "ip -6 rule del priority 472 fwmark 0x6e000000/0xff000000",
        "ip rule add priority 473 fwmark 0x1/0x1 lookup 99 protocol 72",
        "ip rule add priority 472 fwmark 0x6f000000/0xff000000 lookup 99 protocol 72",
        "nft delete table inet naru",
        "nft flush chain inet naru postrouting_nat",
        "nft flush table inet naru",
        "nft delete set inet naru cluster4; nft flush chain inet naru count_sent",
        "nft add rule inet naru count_sent drop",
        "echo 0 >/proc/sys/net/ipv4/ip_forward",
        "echo 0 >/proc/sys/net/ipv6/conf/all/forwarding",
        "echo 1 >/proc/sys/net/ipv4/conf/naru-vxlan/rp_filter",
        "echo 1 >/proc/sys/net/ipv6/conf/naru-vxlan/accept_ra",
      })
  void whatIsAlteredByHandIsPutBackByOnePass(String command) {
    assertThat(kernel.pass(VIEW)).isEmpty();
    kernel.namespace().attempt(command.replace("FAR", FAR.vtepMac().toString()));
    assertThat(kernel.plan(VIEW).isEmpty()).as("nothing was altered").isFalse();
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertNothingDiffers(VIEW);
  }

  @Test
  void whatFailsForOnePeerDelaysNoOther() {
    Underlay claimsTooMuch =
        new Underlay(
            "eth0",
            1500,
            SELF.underlay(),
            Stream.concat(
                    SELF.underlay().stream().map(InterfaceAddress::prefix),
                    Stream.of(Prefix.parse("172.26.51.0/24")))
                .toList(),
            "test");
    // The kernel refuses FAR's direct route: its gateway is on no link.
    NodeView view =
        new NodeView(
            TestCluster.configuration(TransportPolicy.DIRECT),
            SELF,
            claimsTooMuch,
            List.of(FAR, NEAR),
            VIEW.pods());
    List<KernelWriter.Failure> failures = kernel.pass(view);
    assertThat(failures)
        .isNotEmpty()
        .allSatisfy(failure -> assertThat(failure.text()).contains("10.244.2.0/24"));
    assertThat(kernel.run("ip route show"))
        .contains("10.244.3.0/24 via 172.26.50.13")
        .contains("10.244.1.5 dev naru0123456789a");
    assertThat(kernel.plan(view).operations()).hasSameSizeAs(failures);
  }

  @Test
  void aPodThatVanishesBetweenReadingAndWritingDelaysNothing() {
    var plan = kernel.plan(VIEW);
    kernel.run("ip link del naru0123456789a");
    assertThat(kernel.apply(plan))
        .isNotEmpty()
        .allSatisfy(f -> assertThat(f.text()).contains("naru0123456789a"))
        .anySatisfy(f -> assertThat(f.text()).contains("there is no interface naru0123456789a"));
    assertNothingDiffers(VIEW);
  }

  @Test
  void whatIsOthersStaysUntouched() {
    kernel.run(
        "ip route add 203.0.113.0/24 dev eth0 && ip route add 10.244.2.0/24 dev eth0 table 100"
            + " && ip -6 route add 2001:db8:9::/48 dev eth0"
            + " && ip rule add priority 100 fwmark 0x1 lookup 100"
            + " && ip neigh add 172.26.50.77 lladdr 02:00:00:00:00:01 dev eth0 nud permanent"
            + " && ip link add vx-other type vxlan id 7 dstport 4789 dev eth0"
            + " && bridge fdb append 02:00:00:00:00:02 dev vx-other dst 172.26.50.78"
            + " && nft add table inet other"
            + " && nft 'add chain inet other forward { type filter hook forward priority 0; }'"
            + " && nft add rule inet other forward counter");
    String show =
        "ip route show table all | grep -v proto; ip -6 route show 2001:db8:9::/48;"
            + " ip rule show priority 100; ip neigh show dev eth0 nud permanent;"
            + " bridge fdb show dev vx-other; nft list table inet other | grep -v counter";
    String before = kernel.run(show);
    assertThat(before)
        .contains("203.0.113.0/24", "2001:db8:9::/48", "172.26.50.77", "172.26.50.78");
    String ipv4Routes = kernel.run("ip route show proto boot; ip route show table 100");

    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.apply(kernel.cleaning())).isEmpty();

    assertThat(kernel.run("ip route show proto boot; ip route show table 100"))
        .isEqualTo(ipv4Routes);
    assertThat(kernel.run(show)).isEqualTo(before);
  }

  @Test
  void cleaningLeavesNothing() {
    List<String> shows =
        List.of(
            "ip -o link show | sed 's/NO-CARRIER,//; s/state.*//' | sort",
            "ip route show table all",
            "ip -6 route show table all proto 72",
            "ip rule show",
            "ip -6 rule show",
            "ip neigh show nud permanent",
            "nft list ruleset");
    List<String> before = new ArrayList<>();
    shows.forEach(show -> before.add(kernel.run(show)));
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.apply(kernel.cleaning())).isEmpty();
    kernel.namespace().namespace().run(() -> kernel.settings.restore(false));
    for (int i = 0; i < shows.size(); i++) {
      assertThat(kernel.run(shows.get(i))).as(shows.get(i)).isEqualTo(before.get(i));
    }
    assertThat(kernel.cleaning().isEmpty()).isTrue();
  }

  @Test
  void packetsAreCountedByPeer() {
    assertThat(kernel.pass(VIEW)).isEmpty();
    kernel.run(
        "ip neigh add 172.26.50.13 lladdr 02:00:00:00:00:13 dev eth0"
            + " && ip neigh add fd26:50::13 lladdr 02:00:00:00:00:13 dev eth0");
    assertThat(kernel.counted("vxlan_sent4", "172.26.50.13")).isZero();
    kernel.run("bash -c 'echo hello >/dev/udp/172.26.50.13/8472'");
    assertThat(kernel.counted("vxlan_sent4", "172.26.50.13")).isEqualTo(1);
    assertThat(kernel.counted("vxlan_sent4", "172.26.51.12")).isZero();
    kernel.run("bash -c 'echo hello >/dev/udp/10.244.3.7/9'");
    assertThat(kernel.counted("direct_sent4_24", "10.244.3.0")).isEqualTo(1);
    kernel.run("bash -c 'echo hello >/dev/udp/fd44:0:0:3::7/9'");
    assertThat(kernel.counted("direct_sent6_64", "fd44:0:0:3::")).isEqualTo(1);
    assertThat(kernel.counted("no_such_set", "172.26.50.13")).isEqualTo(-1);
  }
}
