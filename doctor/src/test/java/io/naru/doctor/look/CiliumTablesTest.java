package io.naru.doctor.look;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import org.junit.jupiter.api.Test;

/** Cilium's own lists, as its versions print them. */
class CiliumTablesTest {
  @Test
  void theTunnelListNamesBlocksAndNodes() {
    assertThat(CiliumTables.routes("TUNNEL          VALUE\n10.233.65.0:0   172.26.50.201:0\n", ""))
        .singleElement()
        .satisfies(
            route -> {
              assertThat(route.prefix()).isEqualTo(Prefix.parse("10.233.65.0/24"));
              assertThat(route.node()).contains(IpAddress.parse("172.26.50.201"));
              assertThat(route.target()).contains(IpAddress.parse("10.233.65.1"));
            });
    assertThat(CiliumTables.routes("10.233.65.0    172.26.50.201 0\n", "")).hasSize(1);
  }

  @Test
  void anAddressThatAnswersComesFromTheCacheOfAddresses() {
    String cache =
        """
        IP PREFIX/ADDRESS   IDENTITY
        10.233.65.7/32      identity=4 encryptkey=0 tunnelendpoint=172.26.50.201 nodeid=1
        10.233.65.99/32     identity=6 encryptkey=0 tunnelendpoint=172.26.50.201 nodeid=1
        10.233.65.12/32     identity=4711 encryptkey=0 tunnelendpoint=172.26.50.201 nodeid=1
        """;
    assertThat(CiliumTables.routes("10.233.65.0:0 172.26.50.201:0\n", cache).getFirst().target())
        .contains(IpAddress.parse("10.233.65.99"));
  }

  @Test
  void whatIsNoListNamesNothing() {
    assertThat(CiliumTables.routes("Error: no such map\n\0\n:: ::\n", "x")).isEmpty();
  }

  @Test
  void withoutATunnelListBlocksComeFromTheCacheOfAddresses() {
    String help = "Usage:\n  cilium-dbg bpf [command]\n\nAvailable Commands:\n  ipcache  Manage\n";
    String cache =
        """
        IP PREFIX/ADDRESS   IDENTITY
        0.0.0.0/0           identity=2 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>
        10.233.64.7/32      identity=4 encryptkey=0 tunnelendpoint=0.0.0.0 flags=<none>
        10.233.65.0/24      identity=2 encryptkey=0 tunnelendpoint=172.26.50.201 flags=hastunnel
        10.233.65.7/32      identity=4 encryptkey=0 tunnelendpoint=172.26.50.201 flags=hastunnel
        fd00:65::/64        identity=2 encryptkey=0 tunnelendpoint=172.26.50.201 flags=hastunnel
        """;
    assertThat(CiliumTables.routes(help, cache))
        .extracting(route -> route.prefix().toString())
        .containsExactly("10.233.65.0/24", "fd00:65::/64");
    assertThat(CiliumTables.routes(help, cache))
        .allSatisfy(
            route -> {
              assertThat(route.node()).contains(IpAddress.parse("172.26.50.201"));
              assertThat(route.target()).contains(IpAddress.parse("10.233.65.7"));
            });
    assertThat(CiliumTables.routes("10.233.66.0:0 172.26.50.202:0", cache))
        .singleElement()
        .satisfies(route -> assertThat(route.prefix()).isEqualTo(Prefix.parse("10.233.66.0/24")));
    assertThat(CiliumTables.routes(help, "")).isEmpty();
  }
}
