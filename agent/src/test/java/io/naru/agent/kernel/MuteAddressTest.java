package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestCluster;
import io.naru.core.address.IpAddress;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.linux.conntrack.Conntrack;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The address that names are answered at is on an interface, and yet no packet's source. */
class MuteAddressTest {
  private static final int UDP = 17;
  private static final NodeView VIEW = answeringAt("203.0.113.53", "2001:db8:7::53");

  @TempDir Path directory;
  private TestKernel kernel;

  private static NodeView answeringAt(String... addresses) {
    NodeView view =
        TestCluster.view(
            TransportPolicy.VXLAN, TestCluster.node(1, 0), List.of(TestCluster.node(2, 1)));
    Map<String, Object> network =
        new HashMap<>(NetworkConfigurationParser.toMap(view.configuration()));
    network.put("dnsAddresses", List.of(addresses));
    return new NodeView(
        NetworkConfigurationParser.parse(network),
        view.self(),
        view.underlay(),
        view.peers(),
        view.pods());
  }

  @BeforeEach
  void makeKernel() {
    kernel = new TestKernel(directory);
  }

  @AfterEach
  void removeKernel() {
    kernel.close();
  }

  @ParameterizedTest
  @CsvSource({
    "10.244.1.1/32, 203.0.113.53/32, 192.0.2.7/32, 203.0.113.0/24, 203.0.113.9, UDP4",
    "fd44:0:0:1::1/128, 2001:db8:7::53/128, fd99::7/128, 2001:db8:7::/64, 2001:db8:7::9, UDP6",
  })
  void whatIsMasqueradedNeverLeavesWithIt(
      String gateway, String names, String source, String there, String to, String socat) {
    assertThat(kernel.pass(VIEW)).isEmpty();
    // Now the other address is the older one, which the kernel prefers where all else is equal.
    kernel.run("ip address del " + gateway + " dev naru-vxlan");
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("ip address show dev naru-vxlan")).contains(names).contains(gateway);
    kernel.run("ip address add " + source + " dev lo nodad");
    kernel.run("ip route add " + there + " dev naru-vxlan");
    kernel.run(
        "nft 'table inet masquerading { chain post { type nat hook postrouting priority srcnat; oifname naru-vxlan masquerade; }; }'");
    String from = source.substring(0, source.indexOf('/'));
    String peer = to.contains(":") ? "[" + to + "]" : to;
    String bind = to.contains(":") ? "[" + from + "]" : from;
    kernel.run("echo ? | socat -u - " + socat + "-SENDTO:" + peer + ":9,bind=" + bind);
    assertThat(sources(IpAddress.parse(to)))
        .containsExactly(IpAddress.parse(gateway.substring(0, gateway.indexOf('/'))));
  }

  /** With which addresses flows to there left. */
  private List<IpAddress> sources(IpAddress to) {
    List<IpAddress> sources = new ArrayList<>();
    kernel
        .namespace()
        .namespace()
        .run(
            () -> {
              try (Conntrack conntrack = Conntrack.open()) {
                conntrack.forEach(
                    to.family(),
                    UDP,
                    flow -> {
                      if (flow.original().destination().equals(to)) {
                        sources.add(flow.reply().destination());
                      }
                    });
              }
            });
    return sources;
  }

  @ParameterizedTest
  @CsvSource({"203.0.113.53/32, noprefixroute", "2001:db8:7::53/128, nodad noprefixroute"})
  void oneThatAnOlderAgentLeftIsMadeSo(String names, String flags) {
    assertThat(kernel.pass(VIEW)).isEmpty();
    String before = kernel.run("ip address show dev naru-vxlan");
    kernel.run("ip address del " + names + " dev naru-vxlan");
    kernel.run("ip address add " + names + " dev naru-vxlan " + flags);
    assertThat(kernel.plan(VIEW).text()).contains(names);
    assertThat(kernel.pass(VIEW)).isEmpty();
    assertThat(kernel.run("ip address show dev naru-vxlan").lines().sorted().toList())
        .isEqualTo(before.lines().sorted().toList());
    assertThat(kernel.plan(VIEW).text()).isEmpty();
  }
}
