package io.naru.linux.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.error.NaruException;
import io.naru.linux.TestNamespace;
import io.naru.linux.call.Errno;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.LinkKind.DontFragment;
import io.naru.linux.route.LinkKind.Vxlan;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What we set is what iproute2 prints, and what we read is what we set. */
class KernelComparisonTest {
  private static final MacAddress MAC = MacAddress.parse("02:00:00:00:00:0a");

  private TestNamespace here;
  private RouteNetlink netlink;
  private Link link;

  @BeforeEach
  void open() {
    here = new TestNamespace();
    netlink = here.call(RouteNetlink::open);
    netlink.setUp(1);
    link = netlink.createLink(LinkSpec.veth("d0", LinkSpec.end("d1").withUp()).withUp());
    for (String address : List.of("10.0.0.1/24", "fd00::1/64")) {
      netlink.addAddress(
          LinkAddress.of(link.index(), InterfaceAddress.parse(address))
              .withFlags(LinkAddress.NO_DUPLICATE_DETECTION));
    }
  }

  @AfterEach
  void close() {
    netlink.close();
    here.close();
  }

  private static String flag(String address) {
    return address.contains(":") ? "-6" : "-4";
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.0.0.1", "fd00::1"})
  void vxlanAttributesArriveAndReadBack(String local) {
    Vxlan wanted =
        Vxlan.of(77, IpAddress.parse(local), 8472)
            .withParent(link.index())
            .withTtl(9)
            .withDontFragment(DontFragment.SET)
            .withChecksums(true, true, true);

    Link made = netlink.createLink(LinkSpec.vxlan("vx", wanted).withAddress(MAC).withMtu(1400));

    assertThat(made.kind()).isEqualTo(wanted);
    assertThat(made.address()).isEqualTo(MAC);
    assertThat(here.run("ip", "-d", "link", "show", "vx"))
        .contains(
            "vxlan id 77",
            "local " + local,
            "dev d0",
            "dstport 8472",
            "nolearning",
            "ttl 9",
            "df set",
            "udpcsum",
            "udp6zerocsumtx",
            "udp6zerocsumrx");
  }

  @ParameterizedTest
  @CsvSource({"10.0.0.1, 10.0.0.7, 10.0.0.8", "fd00::1, fd00::7, fd00::8"})
  void forwardingEntriesAreSetMovedAppendedAndRemoved(String local, String first, String second) {
    Link vxlan =
        netlink.createLink(LinkSpec.vxlan("vx", Vxlan.of(7, IpAddress.parse(local), 8472)));
    ForwardingEntry entry = ForwardingEntry.tunnel(vxlan.index(), MAC, IpAddress.parse(first));
    ForwardingEntry moved = ForwardingEntry.tunnel(vxlan.index(), MAC, IpAddress.parse(second));
    MacAddress unknown = new MacAddress(0);
    netlink.setForwardingEntry(entry);
    netlink.setForwardingEntry(moved);
    netlink.apply(
        new Change.AppendForwardingEntry(
            ForwardingEntry.tunnel(vxlan.index(), unknown, IpAddress.parse(first))));
    netlink.apply(
        new Change.AppendForwardingEntry(
            ForwardingEntry.tunnel(vxlan.index(), unknown, IpAddress.parse(second))));

    assertThat(here.run("bridge", "fdb", "show", "dev", "vx"))
        .contains(MAC + " dst " + second + " self permanent")
        .doesNotContain(MAC + " dst " + first + " ");
    assertThat(netlink.forwardingEntries(vxlan.index())).contains(moved).hasSize(3);
    assertThat(netlink.forwardingEntries(link.index())).noneMatch(e -> e.destination().isPresent());

    netlink.removeForwardingEntry(moved);
    assertThat(netlink.forwardingEntries(vxlan.index())).hasSize(2);
    assertThatThrownBy(() -> netlink.removeForwardingEntry(moved))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
  }

  @Test
  void linksAreRenamedMovedIntoBridgesAndDeleted() {
    Link bridge = netlink.createLink(LinkSpec.bridge("br").withUp());
    netlink.setLink(link.index(), LinkSettings.none().withUp(false));
    netlink.setLink(link.index(), LinkSettings.none().withName("port"));
    netlink.setLink(link.index(), LinkSettings.none().withMtu(1234));
    netlink.setLink(link.index(), LinkSettings.none().withAddress(MAC));
    netlink.setLink(link.index(), LinkSettings.none().withAlias("naru port"));
    netlink.setLink(link.index(), LinkSettings.none().withMaster(bridge.index()));
    netlink.setUp(link.index());

    assertThat(here.run("ip", "link", "show", "port"))
        .contains("mtu 1234", "master br", MAC.toString(), "alias naru port", "UP");
    Link port = netlink.link("port").orElseThrow();
    assertThat(port.master()).isEqualTo(bridge.index());
    assertThat(port.kind()).isInstanceOf(LinkKind.Veth.class);
    assertThat(bridge.kind()).isEqualTo(new LinkKind.Bridge());

    netlink.setLink(link.index(), LinkSettings.none().withAlias(""));
    netlink.setLink(link.index(), LinkSettings.none().withMaster(0));
    assertThat(netlink.link(link.index()).orElseThrow())
        .satisfies(l -> assertThat(l.alias()).isEmpty())
        .satisfies(l -> assertThat(l.master()).isZero());
    try (TestNamespace there = new TestNamespace()) {
      netlink.moveLink(link.index(), there.descriptor());
      assertThat(there.run("ip", "link")).contains("port");
      assertThat(netlink.link("port")).isEmpty();
    }
    netlink.deleteLink(bridge.index());
    assertThat(netlink.link("br")).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.7.0.0/16, 10.0.0.9", "fd07::/32, fd00::9"})
  void routesOfEveryKindReadBackEqual(String destination, String gateway) {
    Prefix to = Prefix.parse(destination);
    IpAddress router = IpAddress.parse(gateway);
    Route multipath =
        new Route(
            to,
            905,
            RouteKind.UNICAST,
            Optional.empty(),
            Optional.empty(),
            0,
            false,
            0,
            77,
            50,
            OptionalInt.empty(),
            List.of(
                new NextHop(Optional.of(router), link.index(), false, 1),
                new NextHop(Optional.of(router.plus(1)), link.index(), false, 3)));
    List<Route> routes =
        List.of(
            Route.via(to, router, link.index()).withTable(901).withProtocol(77),
            Route.direct(to, link.index()).withTable(902).withProtocol(77).withMetric(5),
            Route.unreachable(to).withTable(903).withProtocol(77),
            Route.blackhole(to).withTable(904).withProtocol(77),
            multipath);
    for (Route route : routes) {
      netlink.addRoute(route);
    }

    assertThat(netlink.routes(RouteFilter.all().withProtocol(77)))
        .containsExactlyInAnyOrderElementsOf(routes);
    assertThat(here.run("ip", flag(destination), "route", "show", "table", "903"))
        .contains("unreachable " + destination);
    assertThat(netlink.routes(RouteFilter.all().withTable(999))).isEmpty();
    assertThat(netlink.routes(RouteFilter.all().withProtocol(77).withOutputLink(link.index())))
        .hasSize(3);

    Route elsewhere = Route.via(to, router.plus(5), link.index()).withTable(901).withProtocol(77);
    netlink.replaceRoute(elsewhere);
    assertThat(netlink.routes(RouteFilter.all().withTable(901))).containsExactly(elsewhere);
    assertThatThrownBy(() -> netlink.removeRoute(elsewhere.withProtocol(78)))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isAbsent()).isTrue());
    netlink.removeRoute(elsewhere);
    for (Route route : routes.subList(1, routes.size())) {
      netlink.removeRoute(route);
    }
    assertThat(netlink.routes(RouteFilter.all().withProtocol(77))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({"10.7.0.0/16, 10.0.0.9, 10.0.0.1", "fd07::/32, fd00::9, fd00::1"})
  void theKernelSaysWhichWayAPacketTakes(String destination, String gateway, String source) {
    Prefix to = Prefix.parse(destination);
    IpAddress inside = to.address().plus(5);
    assertThatThrownBy(() -> netlink.routeTo(inside))
        .isInstanceOfSatisfying(
            KernelException.class, e -> assertThat(e.errno()).isEqualTo(Errno.ENETUNREACH));
    netlink.addRoute(Route.via(to, IpAddress.parse(gateway), link.index()));
    netlink.addRoute(Route.direct(to, link.index()).withTable(950));
    netlink.addRule(RoutingRule.forMark(to.family(), 100, 0x5, 0xff, 950, 77));

    Route way = netlink.routeTo(inside);
    assertThat(way.gateway()).contains(IpAddress.parse(gateway));
    assertThat(way.outputLink()).isEqualTo(link.index());
    assertThat(way.preferredSource()).contains(IpAddress.parse(source));
    assertThat(way.table()).isEqualTo(254);
    Route marked =
        netlink.routeTo(RouteQuestion.to(inside).withMark(5).withSource(IpAddress.parse(source)));
    assertThat(marked.gateway()).isEmpty();
    assertThat(marked.table()).isEqualTo(950);
  }

  @ParameterizedTest
  @ValueSource(strings = {"10.7.0.0/16", "fd07::/32"})
  void rulesAreAddedAndRemoved(String text) {
    Prefix prefix = Prefix.parse(text);
    List<RoutingRule> rules =
        List.of(
            RoutingRule.forMark(prefix.family(), 100, 0x10, 0xf0, 5000, 77),
            RoutingRule.forDestination(prefix, 101, 12, 77),
            RoutingRule.forSource(prefix, 102, 12, 77));
    rules.forEach(netlink::addRule);

    assertThat(here.run("ip", flag(text), "rule"))
        .contains("fwmark 0x10/0xf0 lookup 5000", "to " + text + " lookup 12", "from " + text);
    assertThat(netlink.rules()).containsAll(rules);
    assertThatThrownBy(() -> netlink.addRule(rules.getFirst()))
        .isInstanceOfSatisfying(KernelException.class, e -> assertThat(e.isPresent()).isTrue());
    rules.forEach(netlink::removeRule);
    assertThat(netlink.rules()).doesNotContainAnyElementsOf(rules);
  }

  @ParameterizedTest
  @CsvSource({"10.7.0.0/16, 192.0.2.1", "fd07::/32, 2001:db8::1"})
  void aRefusalCarriesTheKernelsOwnWords(String destination, String gateway) {
    Route route = Route.via(Prefix.parse(destination), IpAddress.parse(gateway), link.index());

    assertThatThrownBy(() -> netlink.addRoute(route))
        .isInstanceOf(KernelException.class)
        .hasMessageContaining("cannot add the route " + destination + " via " + gateway)
        .hasMessageMatching(
            "(?s).*the kernel says: (Nexthop has invalid gateway|No route to host).*|.*EHOSTUNREACH.*");
  }

  @Test
  void oneFailureInABatchOfThousandsDoesNotStopTheOthers() {
    List<Change> changes = new ArrayList<>();
    for (int i = 0; i < 5000; i++) {
      IpAddress gateway = IpAddress.parse(i == 2500 ? "192.0.2.1" : "10.0.0.9");
      Prefix to = IpAddress.parse("10.64.0.0").plus(i * 256L).toPrefix();
      changes.add(new Change.AddRoute(Route.via(to, gateway, link.index()).withProtocol(77)));
    }

    List<Optional<KernelException>> results = netlink.apply(changes);

    assertThat(results).hasSize(5000);
    for (int i = 0; i < results.size(); i++) {
      assertThat(results.get(i).isPresent()).as("change %d", i).isEqualTo(i == 2500);
    }
    assertThat(results.get(2500).orElseThrow().kernelText()).contains("invalid gateway");
    assertThat(netlink.routes(RouteFilter.all().withProtocol(77))).hasSize(4999);
  }

  @Test
  void countersRiseWithPackets() {
    netlink.setNeighbour(Neighbour.permanent(link.index(), IpAddress.parse("10.0.0.9"), MAC));
    long before = netlink.statistics(link.index()).orElseThrow().sentPackets();
    here.run("sh", "-c", "ping -c1 -W1 10.0.0.9 || true");

    assertThat(netlink.statistics(link.index()).orElseThrow().sentPackets()).isGreaterThan(before);
    assertThat(netlink.statistics()).containsKeys(1, link.index());
    assertThat(netlink.statistics(9999)).isEmpty();
  }

  @Test
  void addressesWithoutPrefixRouteAddNone() {
    LinkAddress address =
        LinkAddress.of(link.index(), InterfaceAddress.parse("10.88.0.1/16"))
            .withFlags(LinkAddress.NO_PREFIX_ROUTE);
    netlink.addAddress(address);

    assertThat(here.run("ip", "route")).doesNotContain("10.88.0.0/16");
    assertThat(netlink.addresses(link.index()))
        .extracting(LinkAddress::address)
        .contains(address.address());
  }

  @Test
  void namesTheKernelWouldNotTakeAreRefusedBefore() {
    for (String name : List.of("", "a/b", "with space", "sixteen-bytes-xx", "..")) {
      assertThatThrownBy(() -> LinkSpec.bridge(name)).isInstanceOf(NaruException.class);
    }
    assertThat(IpFamily.values()).hasSize(2);
  }
}
