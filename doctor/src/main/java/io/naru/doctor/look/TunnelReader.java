package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.desired.NodeView;
import io.naru.doctor.peer.Fitted;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.doctor.peer.Tunnel;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteKind;
import io.naru.linux.route.RouteNetlink;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** Reads the tunnels of a network, and the routes of its pods, from the kernel. */
final class TunnelReader {
  private static final String BRIDGE = "cni0";

  /** Dummy links on which kube-proxy (IPVS) and node-local DNS put addresses of services. */
  private static final Set<String> OF_SERVICES = Set.of("kube-ipvs0", "nodelocaldns");

  private final RouteNetlink netlink;
  private final PeerNetwork network;
  private final List<Link> links;
  private final Fitted fitted = new Fitted(new ArrayList<>());

  TunnelReader(RouteNetlink netlink, PeerNetwork network) {
    this.netlink = netlink;
    this.network = network;
    this.links = netlink.links();
  }

  /** What there is and does not fit into a look, a sentence each. */
  List<String> leftOut() {
    return fitted.notChecked();
  }

  List<Link> links() {
    return links;
  }

  /** Its tunnels, the one with most entries first. */
  List<Tunnel> tunnels(List<PodRoute> mapped) {
    List<Tunnel> tunnels = new ArrayList<>();
    for (Link link : links) {
      if (link.kind() instanceof LinkKind.Vxlan vxlan
          && network.owns(link.name())
          && fitted.isNamed(link.name())) {
        tunnels.add(tunnel(link, vxlan, mapped));
      }
    }
    tunnels.sort(Comparator.comparing(tunnel -> -tunnel.forwards().size()));
    return List.copyOf(tunnels);
  }

  private Tunnel tunnel(Link link, LinkKind.Vxlan vxlan, List<PodRoute> mapped) {
    List<Forward> forwards =
        netlink.forwardingEntries(link.index()).stream()
            .filter(entry -> entry.destination().isPresent())
            // Made ones first: there is no end to those that are learned.
            .sorted(Comparator.comparing(entry -> !entry.permanent()))
            .map(entry -> new Forward(entry.address(), entry.destination().orElseThrow()))
            .distinct()
            .toList();
    // An external device's programs and routes choose the other end: entries do not count.
    List<Neighbour> neighbours =
        (vxlan.external()
                ? Stream.<io.naru.linux.route.Neighbour>empty()
                : netlink.neighbours(link.index()).stream())
            .filter(each -> !each.address().isMulticast() && !each.address().isLinkLocal())
            .filter(each -> each.state() != NeighbourState.NO_ARP)
            .map(TunnelReader::neighbour)
            .toList();
    List<PodRoute> routes = vxlan.external() ? mapped : routes(link);
    Optional<IpAddress> other =
        forwards.stream()
            .map(Forward::destination)
            .findFirst()
            .or(() -> routes.stream().flatMap(route -> route.node().stream()).findFirst());
    Optional<Link> nic = other.flatMap(this::wayTo).or(() -> link(vxlan.parent()));
    return new Tunnel(
        link.name(),
        link.address(),
        vxlan.external() ? 0 : vxlan.vni(),
        vxlan.port(),
        vxlan.external() ? carried(link, nic, other) : link.mtu(),
        link.up(),
        vxlan.external(),
        vxlan.local(),
        addressesOn(link.index()),
        nic.map(Link::name).filter(fitted::isNamed).orElse(""),
        nic.map(Link::mtu).orElse(0),
        fitted.list(forwards, "forwarding entries of " + link.name()),
        fitted.list(neighbours, "neighbours on " + link.name()),
        fitted.list(routes, "routes into " + link.name()));
  }

  /**
   * What an external device carries, in bytes: its own MTU is often that of the nic, since the
   * pods' routes and interfaces have the smaller one.
   */
  private static int carried(Link link, Optional<Link> nic, Optional<IpAddress> other) {
    int overhead = NodeView.tunnelOverhead(other.map(IpAddress::family).orElse(IpFamily.IPV4));
    return nic.map(way -> Math.min(link.mtu(), way.mtu() - overhead)).orElse(link.mtu());
  }

  private static Neighbour neighbour(io.naru.linux.route.Neighbour each) {
    boolean unknown =
        each.state() == NeighbourState.FAILED || each.state() == NeighbourState.INCOMPLETE;
    Optional<MacAddress> mac = unknown ? Optional.empty() : each.hardwareAddress();
    return new Neighbour(each.address(), mac);
  }

  private List<PodRoute> routes(Link link) {
    return netlink
        .routes(RouteFilter.all().withTable(Route.MAIN).withOutputLink(link.index()))
        .stream()
        .filter(route -> route.kind() == RouteKind.UNICAST && route.destination().length() > 0)
        .filter(route -> !route.destination().address().isLinkLocal())
        .filter(route -> !route.destination().address().isMulticast())
        .map(
            route ->
                new PodRoute(
                    route.destination(), route.gateway(), Optional.empty(), Optional.empty()))
        .toList();
  }

  /** Routes to blocks of pods by other nodes' addresses, as Flannel's host-gw makes them. */
  List<PodRoute> directRoutes() {
    if (network != PeerNetwork.FLANNEL) {
      return List.of();
    }
    FlannelNetworks networks = FlannelNetworks.read();
    List<PodRoute> routes = new ArrayList<>();
    for (LinkAddress own : netlink.addresses()) {
      Optional<Link> bridge = link(own.index()).filter(link -> link.name().equals(BRIDGE));
      if (bridge.isEmpty() || own.address().address().isLinkLocal()) {
        continue;
      }
      Prefix block = own.address().prefix();
      for (Route route : netlink.routes(RouteFilter.all().withTable(Route.MAIN))) {
        boolean tunnelled =
            link(route.outputLink())
                .filter(link -> link.kind() instanceof LinkKind.Vxlan)
                .isPresent();
        if (!tunnelled
            && route.kind() == RouteKind.UNICAST
            && route.family() == block.family()
            && route.destination().length() == block.length()
            && route.gateway().isPresent()
            && networks.hold(
                route.destination(), block, () -> isOnLink(route.gateway().orElseThrow()))) {
          routes.add(
              new PodRoute(
                  route.destination(),
                  route.gateway(),
                  route.gateway(),
                  Optional.of(route.destination().address().plus(1))));
        }
      }
    }
    return List.copyOf(routes);
  }

  /** The bridge for pods, where there is one. */
  Optional<String> bridge() {
    return links.stream().map(Link::name).filter(BRIDGE::equals).findFirst();
  }

  /** An address of this node within the pods' network, from which pods' packets seem to come. */
  Optional<IpAddress> bridgeAddress(IpFamily family) {
    return netlink.addresses().stream()
        .filter(own -> own.address().address().family() == family)
        .filter(own -> !own.address().address().isLinkLocal())
        .filter(own -> link(own.index()).filter(link -> link.name().equals(BRIDGE)).isPresent())
        .map(own -> own.address().address())
        .findFirst();
  }

  /** The node's own addresses, those of its tunnels and bridges and of services left out. */
  List<IpAddress> nodeAddresses() {
    return netlink.addresses().stream()
        .filter(
            own ->
                link(own.index())
                    .filter(link -> !(link.kind() instanceof LinkKind.Vxlan))
                    .filter(link -> !link.name().equals(BRIDGE))
                    .filter(link -> !OF_SERVICES.contains(link.name()))
                    .isPresent())
        .map(own -> own.address().address())
        .filter(address -> !address.isLoopback() && !address.isLinkLocal())
        .distinct()
        .toList();
  }

  /** The link that packets to an address leave by. */
  Optional<Link> wayTo(IpAddress address) {
    try {
      return link(netlink.routeTo(address).outputLink());
    } catch (KernelException noRoute) {
      return Optional.empty();
    }
  }

  /** Whether no router is between this node and an address. */
  boolean isOnLink(IpAddress address) {
    try {
      return netlink.routeTo(address).gateway().isEmpty();
    } catch (KernelException noRoute) {
      return false;
    }
  }

  /** Whether the kernel asked in vain who has that address. */
  boolean hasNoNeighbour(IpAddress address) {
    return netlink.neighbours().stream()
        .filter(each -> each.address().equals(address))
        .anyMatch(
            each ->
                each.state() == NeighbourState.FAILED || each.state() == NeighbourState.INCOMPLETE);
  }

  private List<IpAddress> addressesOn(int index) {
    return netlink.addresses(index).stream()
        .map(own -> own.address().address())
        .filter(address -> !address.isLinkLocal())
        .toList();
  }

  private Optional<Link> link(int index) {
    return links.stream().filter(link -> link.index() == index).findFirst();
  }
}
