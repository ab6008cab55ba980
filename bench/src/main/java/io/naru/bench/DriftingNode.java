package io.naru.bench;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.linux.namespace.NetworkNamespace;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesNetlink;
import io.naru.linux.route.ForwardingEntry;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.route.RoutingRule;
import io.naru.linux.sysctl.Sysctl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A node of a lab whose kernel entries are taken away, and looked at every other millisecond. */
final class DriftingNode implements AutoCloseable {
  private static final int OURS = 72; // the routing protocol number of all that is Naru's
  private static final String TUNNEL = "naru-vxlan";
  private static final String SENT = "vxlan_sent4";

  /**
   * A kind of drift.
   *
   * @param make called each time; takes the entry away and returns whether it is back
   */
  record Drift(String name, Supplier<BooleanSupplier> make) {}

  private final NetworkNamespace namespace;
  private final RouteNetlink netlink;
  private final NftablesNetlink filters;
  private final DriftClock clock = new DriftClock();

  private DriftingNode(NetworkNamespace namespace) {
    this.namespace = namespace;
    this.netlink = namespace.call(RouteNetlink::open);
    this.filters = namespace.call(NftablesNetlink::open);
  }

  static DriftingNode open(String namespace) {
    return new DriftingNode(NetworkNamespace.open(namespace));
  }

  /** How long one drift lasted. */
  double milliseconds(Drift drift) {
    return namespace.call(() -> clock.milliseconds(drift));
  }

  List<Drift> drifts() {
    List<Drift> all = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      all.add(new Drift(family + " route into the tunnel deleted", () -> route(family, true)));
      all.add(new Drift(family + " direct route deleted", () -> route(family, false)));
      all.add(new Drift(family + " neighbour on the tunnel deleted", () -> neighbour(family)));
      all.add(new Drift(family + " rule deleted", () -> rule(family)));
      all.add(new Drift(family + " address of the tunnel deleted", () -> address(family)));
    }
    all.add(new Drift("forwarding entry deleted", this::forwardingEntry));
    all.add(new Drift("forwarding entry altered", this::alteredForwardingEntry));
    all.add(new Drift("foreign address on the tunnel", this::foreignAddress));
    all.add(new Drift("tunnel device deleted", () -> tunnel(netlink::deleteLink)));
    all.add(new Drift("tunnel device set down", () -> tunnel(this::setDown)));
    all.add(new Drift("tunnel device's MAC altered", () -> tunnel(this::alterMac)));
    all.add(new Drift("net.ipv4.ip_forward altered", () -> setting("net.ipv4.ip_forward")));
    all.add(
        new Drift(
            "net.ipv6.conf.all.forwarding altered", () -> setting("net.ipv6.conf.all.forwarding")));
    all.add(
        new Drift(
            "rp_filter of the tunnel altered",
            () -> setting("net.ipv4.conf." + TUNNEL + ".rp_filter")));
    all.add(new Drift("nft table deleted", () -> table("delete table inet naru")));
    all.add(new Drift("nft chain flushed", () -> table("flush chain inet naru postrouting_nat")));
    all.add(new Drift("nft rule added", () -> table("add rule inet naru count_sent counter")));
    all.add(new Drift("nft set element deleted", this::element));
    if (links("naru pod ").findFirst().isPresent()) {
      all.add(new Drift("pod's host end set down", () -> podEnd(this::setDown)));
      all.add(new Drift("pod's route deleted", () -> podEnd(this::deleteRoutes)));
      all.add(new Drift("pod's neighbour deleted", () -> podEnd(this::deleteNeighbours)));
    }
    return List.copyOf(all);
  }

  private Stream<Link> links(String alias) {
    return netlink.links().stream().filter(link -> link.alias().startsWith(alias));
  }

  private Link link() {
    return netlink.link(TUNNEL).orElseThrow();
  }

  private Set<Route> routes() {
    return new HashSet<>(netlink.routes(RouteFilter.all().withProtocol(OURS)));
  }

  private BooleanSupplier route(IpFamily family, boolean tunnelled) {
    int tunnel = link().index();
    Route route =
        any(
            routes().stream()
                .filter(each -> each.family() == family && each.table() == Route.MAIN)
                .filter(each -> each.gateway().isPresent())
                .filter(each -> (each.outputLink() == tunnel) == tunnelled)
                .toList());
    clock.begin();
    netlink.removeRoute(route);
    return () -> routes().contains(route);
  }

  private BooleanSupplier neighbour(IpFamily family) {
    int tunnel = link().index();
    Neighbour neighbour =
        any(
            netlink.neighbours(tunnel).stream()
                .filter(each -> each.state() == NeighbourState.PERMANENT)
                .filter(each -> each.address().family() == family)
                .filter(each -> !each.address().isMulticast())
                .toList());
    clock.begin();
    netlink.removeNeighbour(tunnel, neighbour.address());
    return () -> netlink.neighbours(tunnel).contains(neighbour);
  }

  private BooleanSupplier rule(IpFamily family) {
    RoutingRule rule =
        any(
            netlink.rules().stream()
                .filter(each -> each.family() == family && each.protocol() == OURS)
                .toList());
    clock.begin();
    netlink.removeRule(rule);
    return () -> netlink.rules().contains(rule);
  }

  private BooleanSupplier address(IpFamily family) {
    int tunnel = link().index();
    LinkAddress address =
        any(
            netlink.addresses(tunnel).stream()
                .filter(each -> each.address().address().family() == family)
                .filter(each -> !each.address().address().isLinkLocal())
                .toList());
    Set<Route> before = routes();
    clock.begin();
    netlink.removeAddress(address);
    return () ->
        netlink.addresses(tunnel).stream()
                .anyMatch(each -> each.address().equals(address.address()))
            && routes().equals(before);
  }

  private List<ForwardingEntry> forwardingEntries() {
    return netlink.forwardingEntries(link().index()).stream()
        .filter(ForwardingEntry::permanent)
        .toList();
  }

  private BooleanSupplier forwardingEntry() {
    ForwardingEntry entry = any(forwardingEntries());
    clock.begin();
    netlink.removeForwardingEntry(entry);
    return () -> forwardingEntries().contains(entry);
  }

  private BooleanSupplier alteredForwardingEntry() {
    ForwardingEntry entry = any(forwardingEntries());
    clock.begin();
    netlink.setForwardingEntry(
        ForwardingEntry.tunnel(
            entry.link(), entry.address(), entry.destination().orElseThrow().plus(1)));
    return () -> forwardingEntries().contains(entry);
  }

  private BooleanSupplier foreignAddress() {
    int tunnel = link().index();
    InterfaceAddress foreign = InterfaceAddress.parse("192.0.2.7/32");
    clock.begin();
    netlink.addAddress(LinkAddress.of(tunnel, foreign));
    return () ->
        netlink.addresses(tunnel).stream().noneMatch(each -> each.address().equals(foreign));
  }

  /** The device itself, and all that hangs on it. */
  private BooleanSupplier tunnel(IntConsumer drift) {
    Link before = link();
    Set<String> all = onTunnel(before.index());
    clock.begin();
    drift.accept(before.index());
    return () ->
        netlink
            .link(TUNNEL)
            .filter(now -> now.up() && now.address().equals(before.address()))
            .map(now -> onTunnel(now.index()).equals(all))
            .orElse(false);
  }

  private Set<String> onTunnel(int index) {
    Set<String> all = new HashSet<>();
    routes().stream()
        .filter(route -> route.outputLink() == index)
        .forEach(route -> all.add(route.table() + " " + route.destination()));
    netlink.neighbours(index).stream()
        .filter(each -> each.state() == NeighbourState.PERMANENT && !each.address().isMulticast())
        .forEach(each -> all.add(each.address() + " " + each.hardwareAddress()));
    netlink.forwardingEntries(index).stream()
        .filter(ForwardingEntry::permanent)
        .forEach(each -> all.add(each.address() + " " + each.destination()));
    netlink.addresses(index).stream()
        .filter(each -> !each.address().address().isLinkLocal())
        .forEach(each -> all.add(each.address().toString()));
    return all;
  }

  private void setDown(int index) {
    netlink.setLink(index, LinkSettings.none().withUp(false));
  }

  private void alterMac(int index) {
    netlink.setLink(index, LinkSettings.none().withAddress(MacAddress.locallyAdministered(0x77)));
  }

  private BooleanSupplier setting(String name) {
    Sysctl sysctl = Sysctl.parse(name);
    String before = sysctl.read();
    clock.begin();
    sysctl.write(before.equals("0") ? "1" : "0");
    return () -> sysctl.read().equals(before);
  }

  /** A run of nft takes longer than a look: it is asked only when the ruleset has moved. */
  private BooleanSupplier table(String script) {
    String before = Nftables.listWithoutElements("inet", "naru");
    var elements = filters.elements("naru", SENT).orElseThrow().keySet();
    clock.begin();
    Nftables.apply(script + "\n");
    int[] generation = {filters.generation()};
    return () -> {
      int now = filters.generation();
      if (now == generation[0]) {
        return false;
      }
      generation[0] = now;
      return filters.elements("naru", SENT).filter(s -> s.keySet().equals(elements)).isPresent()
          && Nftables.listWithoutElements("inet", "naru").equals(before);
    };
  }

  private BooleanSupplier element() {
    var before = filters.elements("naru", SENT).orElseThrow().keySet();
    clock.begin();
    Nftables.apply("delete element inet naru " + SENT + " { " + before.iterator().next() + " }\n");
    return () -> filters.elements("naru", SENT).filter(s -> s.keySet().equals(before)).isPresent();
  }

  private BooleanSupplier podEnd(IntConsumer drift) {
    Link end = links("naru pod ").findFirst().orElseThrow();
    Predicate<Route> leadsThere = route -> route.outputLink() == end.index();
    List<Route> routes = routes().stream().filter(leadsThere).toList();
    Set<Neighbour> neighbours = permanent(end.index());
    clock.begin();
    drift.accept(end.index());
    return () ->
        routes().containsAll(routes)
            && permanent(end.index()).equals(neighbours)
            && netlink.link(end.index()).filter(Link::up).isPresent();
  }

  private Set<Neighbour> permanent(int index) {
    Set<Neighbour> found = new HashSet<>();
    netlink.neighbours(index).stream()
        .filter(each -> each.state() == NeighbourState.PERMANENT && !each.address().isMulticast())
        .forEach(found::add);
    return found;
  }

  private void deleteRoutes(int index) {
    routes().stream().filter(route -> route.outputLink() == index).forEach(netlink::removeRoute);
  }

  private void deleteNeighbours(int index) {
    permanent(index).forEach(each -> netlink.removeNeighbour(index, each.address()));
  }

  private static <T> T any(List<T> list) {
    if (list.isEmpty()) {
      throw new IllegalStateException(
          "the lab has no entry of this kind: "
              + "it needs 3 nodes in 2 subnets, with --ipv6 and --transport auto");
    }
    return list.get(ThreadLocalRandom.current().nextInt(list.size()));
  }

  @Override
  public void close() {
    netlink.close();
    filters.close();
    namespace.close();
  }
}
