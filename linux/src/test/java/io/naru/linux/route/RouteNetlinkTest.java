package io.naru.linux.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.linux.TestNamespace;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteNetlinkTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

  private TestNamespace here;
  private TestNamespace there;
  private RouteNetlink netlink;

  @BeforeEach
  void open() {
    here = new TestNamespace();
    there = new TestNamespace();
    netlink = here.call(RouteNetlink::open);
  }

  @AfterEach
  void close() {
    netlink.close();
    here.close();
    there.close();
  }

  private Link pair() {
    Link link =
        netlink.createLink(
            LinkSpec.veth("a", LinkSpec.end("b").withMtu(1400).inNamespace(there.descriptor()))
                .withMtu(1450)
                .withAddress(MAC)
                .withAlias("naru test")
                .withUp());
    return link;
  }

  @Test
  void createsAVethWithItsPeerInAnotherNamespace() {
    Link link = pair();

    assertThat(link.name()).isEqualTo("a");
    assertThat(link.mtu()).isEqualTo(1450);
    assertThat(link.address()).isEqualTo(MAC);
    assertThat(link.alias()).isEqualTo("naru test");
    assertThat(link.up()).isTrue();
    assertThat(link.kind()).isInstanceOf(LinkKind.Veth.class);
    assertThat(there.run("ip", "-d", "link", "show", "b")).contains("mtu 1400", "veth");
    assertThat(here.run("ip", "-d", "link", "show", "a")).contains("mtu 1450", "alias naru test");
    assertThat(netlink.link("b")).isEmpty();
    assertThat(netlink.links()).extracting(Link::name).containsExactlyInAnyOrder("lo", "a");
  }

  @ParameterizedTest
  @CsvSource({
    "10.1.0.1/24, 10.2.0.0/16, 10.1.0.9, 10.2.3.4",
    "fd00:1::1/64, fd00:2::/48, fd00:1::9, fd00:2::5"
  })
  void addsAddressesRoutesAndNeighboursThatIpPrints(
      String address, String destination, String gateway, String inside) {
    Link link = pair();
    LinkAddress own =
        LinkAddress.of(link.index(), InterfaceAddress.parse(address))
            .withFlags(LinkAddress.NO_DUPLICATE_DETECTION)
            .withProtocol(77);
    netlink.addAddress(own);
    IpAddress source = own.address().address();
    IpAddress router = IpAddress.parse(gateway);
    Route route =
        Route.via(Prefix.parse(destination), router, link.index())
            .withProtocol(77)
            .withTable(1000)
            .withMtu(1300)
            .withPreferredSource(source)
            .withOnlink();
    netlink.addRoute(route);
    netlink.setNeighbour(Neighbour.permanent(link.index(), router, MAC));

    String family = source.isIpv4() ? "-4" : "-6";
    assertThat(here.run("ip", family, "addr", "show", "a")).contains(address);
    assertThat(here.run("ip", family, "-d", "route", "show", "table", "1000"))
        .contains(destination, "via " + gateway, "proto 77", "mtu 1300", "onlink", "src " + source);
    assertThat(here.run("ip", family, "neigh", "show", "dev", "a"))
        .contains(gateway, MAC.toString(), "PERMANENT");
    assertThat(netlink.routes(RouteFilter.all().withTable(1000))).containsExactly(route);
    assertThat(netlink.neighbours(link.index()))
        .contains(Neighbour.permanent(link.index(), router, MAC));
    assertThat(netlink.addresses(link.index()))
        .anySatisfy(
            found -> {
              assertThat(found.address()).isEqualTo(own.address());
              assertThat(found.protocol()).isEqualTo(77);
            });

    netlink.removeRoute(route);
    netlink.removeNeighbour(link.index(), router);
    netlink.removeAddress(own);
    assertThat(netlink.routes(RouteFilter.all().withTable(1000))).isEmpty();
    assertThat(netlink.neighbours(link.index()))
        .extracting(Neighbour::address)
        .doesNotContain(router);
    assertThat(netlink.addresses(link.index()))
        .extracting(LinkAddress::address)
        .doesNotContain(own.address());
  }
}
