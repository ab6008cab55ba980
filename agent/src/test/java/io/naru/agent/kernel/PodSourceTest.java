package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.core.address.MacAddress;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pod that sends from an address that is not its own. */
class PodSourceTest {
  private static final NodeView VIEW =
      TestCluster.view(TransportPolicy.AUTO, TestCluster.node(1, 0), List.of());

  @TempDir Path directory;
  private TestKernel kernel;
  private TestNamespace pod;

  @BeforeEach
  void makePod() {
    kernel = new TestKernel(directory);
    pod = new TestNamespace();
    kernel.run("ip link set pod0 netns " + pod.name());
    assertThat(kernel.pass(VIEW)).isEmpty();
    String gateway =
        kernel
            .run("ip -br link show " + TestCluster.POD_INTERFACE)
            .replaceAll("(?s).*?(([0-9a-f]{2}:){5}[0-9a-f]{2}).*", "$1");
    pod.run(
        """
        set -e
        ip link set pod0 address %s
        echo 0 >/proc/sys/net/ipv6/conf/pod0/accept_dad
        ip link set pod0 up
        for i in 5 6; do
          ip addr add 10.244.1.$i/32 dev pod0
          ip addr add fd44:0:0:1::$i/128 dev pod0 nodad
        done
        ip neigh replace 10.244.1.1 dev pod0 lladdr %2$s
        ip neigh replace fd44:0:0:1::1 dev pod0 lladdr %2$s
        ip route add default via 10.244.1.1 dev pod0 onlink
        ip -6 route add default via fd44:0:0:1::1 dev pod0 onlink
        """
            .formatted(MacAddress.locallyAdministered(99), gateway));
    // The IPv4 check of the kernel's own is out of the way, so the filter has to make it.
    kernel.run("echo 2 >/proc/sys/net/ipv4/conf/all/rp_filter");
    assertThat(kernel.pass(VIEW)).isEmpty();
    kernel.run("nft add table inet seen");
    kernel.run("nft add chain inet seen before '{ type filter hook prerouting priority -350; }'");
    kernel.run("nft add chain inet seen after '{ type filter hook prerouting priority 0; }'");
  }

  @AfterEach
  void removePod() {
    pod.close();
    kernel.close();
  }

  private boolean passes(String match, String ping) {
    for (String chain : List.of("before", "after")) {
      kernel.run(
          "nft add rule inet seen %s iifname %s %s counter comment %s"
              .formatted(chain, TestCluster.POD_INTERFACE, match, chain));
    }
    String said = pod.attempt("ping -n -q -c 2 -i 0.1 -W 1 " + ping).output();
    assertThat(counted("before")).as("packets that the pod sent: %s", said).isPositive();
    return counted("after") > 0;
  }

  private int counted(String chain) {
    String listing = kernel.run("nft list chain inet seen " + chain);
    return Integer.parseInt(listing.replaceAll("(?s).*counter packets (\\d+) .*", "$1"));
  }

  @ParameterizedTest
  @CsvSource({
    "ip  saddr 10.244.1.5,    -I 10.244.1.5    10.244.1.1,    true",
    "ip  saddr 10.244.1.6,    -I 10.244.1.6    10.244.1.1,    false",
    "ip  saddr 10.244.1.6,    -I 10.244.1.6    198.51.100.9,  false",
    "ip6 saddr fd44:0:0:1::5, -I fd44:0:0:1::5 fd44:0:0:1::1, true",
    "ip6 saddr fd44:0:0:1::6, -I fd44:0:0:1::6 fd44:0:0:1::1, false",
    "ip6 saddr fd44:0:0:1::6, -I fd44:0:0:1::6 2001:db8::9,   false",
  })
  void onlyItsOwnAddressPasses(String match, String ping, boolean passes) {
    assertThat(passes(match, ping)).isEqualTo(passes);
  }

  @Test
  void neighbourDiscoveryBetweenPodAndNodePasses() {
    assertThat(passes("ip6 saddr fe80::/10 ip6 nexthdr icmpv6", "-I pod0 ff02::1")).isTrue();
  }
}
