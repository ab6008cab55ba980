package io.naru.core.underlay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.underlay.UnderlayChoice.Wish;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class UnderlayChoiceTest {
  private static final HostInterface LO = host("lo", false, "127.0.0.1/8");
  private static final HostInterface ETH0 =
      host("eth0", true, "172.26.50.11/24", "fe80::1/64", "fd26:50::11/64");
  private static final HostInterface ETH1 = host("eth1", false, "192.168.7.2/24");
  private static final HostInterface DOWN =
      new HostInterface(
          "eth2", 1500, false, List.of(InterfaceAddress.parse("10.9.9.9/24")), List.of(), true);

  private static HostInterface host(String name, boolean defaultRoute, String... addresses) {
    return new HostInterface(
        name,
        1500,
        true,
        Stream.of(addresses).map(InterfaceAddress::parse).toList(),
        List.of(),
        defaultRoute);
  }

  @Test
  void theDefaultRouteDecides() {
    Underlay underlay = UnderlayChoice.choose(List.of(LO, ETH1, DOWN, ETH0), new Wish.Default());
    assertThat(underlay.interfaceName()).isEqualTo("eth0");
    assertThat(underlay.reason()).contains("default route");
    assertThat(underlay.addresses())
        .containsExactly(
            InterfaceAddress.parse("172.26.50.11/24"), InterfaceAddress.parse("fd26:50::11/64"));
    assertThat(underlay.isOnLink(IpAddress.parse("172.26.50.200"))).isTrue();
    assertThat(underlay.isOnLink(IpAddress.parse("172.26.51.1"))).isFalse();
  }

  @Test
  void whatARouterSaysToBeOnTheLinkIsReachedWithoutIt() {
    HostInterface dhcp =
        new HostInterface(
            "eth0",
            1500,
            true,
            List.of(InterfaceAddress.parse("2001:db8:7::5/128")),
            List.of(Prefix.parse("2001:db8:7::/64")),
            true);
    Underlay underlay = UnderlayChoice.choose(List.of(dhcp), new Wish.Default());
    assertThat(underlay.isOnLink(IpAddress.parse("2001:db8:7::9"))).isTrue();
    assertThat(underlay.isOnLink(IpAddress.parse("2001:db8:8::9"))).isFalse();
  }

  @Test
  void theUsersWordDecidesBeforeThat() {
    List<HostInterface> all = List.of(LO, ETH0, ETH1);
    assertThat(UnderlayChoice.choose(all, new Wish.Named("eth1")).reason()).contains("--interface");
    assertThat(UnderlayChoice.choose(all, new Wish.Reaching("192.168.7.9", "eth1")).reason())
        .contains("192.168.7.9");
  }

  @Test
  void theOnlyCandidateIsTaken() {
    assertThat(UnderlayChoice.choose(List.of(LO, ETH1), new Wish.Default()).interfaceName())
        .isEqualTo("eth1");
  }

  @Test
  void whatCannotBeChosenIsSaidWithTheCandidates() {
    HostInterface other = host("eth3", false, "10.1.1.1/24");
    assertThatThrownBy(() -> UnderlayChoice.choose(List.of(LO, ETH1, other), new Wish.Default()))
        .hasMessageContaining("--interface")
        .hasMessageContaining("eth1, eth3");
    HostInterface ours = host("naru-vxlan", false, "10.244.0.0/32");
    List<HostInterface> all = List.of(LO, ETH0, DOWN, ETH1, ours);
    assertThatThrownBy(() -> UnderlayChoice.choose(all, new Wish.Named("ens5")))
        .hasMessage("there is no interface 'ens5'; candidates: eth0, eth1");
    assertThatThrownBy(() -> UnderlayChoice.choose(List.of(LO), new Wish.Named("ens5")))
        .hasMessage("there is no interface 'ens5'; candidates: none is up and has an address");
    assertThatThrownBy(() -> UnderlayChoice.choose(List.of(DOWN), new Wish.Named("eth2")))
        .hasMessageContaining("ip link set eth2 up");
  }
}
