package io.naru.agent.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.Prefix;
import io.naru.core.underlay.HostInterface;
import io.naru.linux.route.RouteNetlink;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A host as it is after it heard a router. */
class HostInterfacesTest {
  private final TestNamespace host = new TestNamespace();

  @AfterEach
  void remove() {
    host.close();
  }

  private HostInterface eth0() {
    return host.namespace()
        .call(
            () -> {
              try (RouteNetlink netlink = RouteNetlink.open()) {
                return HostInterfaces.read(netlink).stream()
                    .filter(found -> found.name().equals("eth0"))
                    .findFirst()
                    .orElseThrow();
              }
            });
  }

  @Test
  void addressesThatStayComeFirstAndAdvertisedPrefixesAreOnLink() {
    host.run(
        """
        set -e
        ip link add eth0 type veth peer name wire
        ip link set wire up
        ip link set eth0 up
        ip addr add 2001:db8:7::5/128 dev eth0 nodad
        ip addr add 2001:db8:7::6/128 dev eth0 nodad preferred_lft 0
        ip addr add 192.0.2.1/24 dev eth0
        ip addr add 192.0.2.2/24 dev eth0
        ip -6 route add 2001:db8:7::/64 dev eth0 proto ra
        ip -6 route add default via fe80::1 dev eth0 proto ra
        """);
    HostInterface eth0 = eth0();
    assertThat(eth0.hasDefaultRoute()).isTrue();
    assertThat(eth0.onLink()).containsExactly(Prefix.parse("2001:db8:7::/64"));
    assertThat(eth0.addresses())
        .containsSubsequence(
            InterfaceAddress.parse("192.0.2.1/24"), InterfaceAddress.parse("192.0.2.2/24"))
        .containsSubsequence(
            InterfaceAddress.parse("2001:db8:7::5/128"),
            InterfaceAddress.parse("2001:db8:7::6/128"));
  }
}
