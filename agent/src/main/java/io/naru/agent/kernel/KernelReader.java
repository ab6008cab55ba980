package io.naru.agent.kernel;

import io.naru.core.address.IpAddress;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.HostFacts;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.DeviceAddress;
import io.naru.core.state.KernelEntry.HostEndLink;
import io.naru.core.state.KernelEntry.MarkRule;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.KernelEntry.TunnelForward;
import io.naru.core.state.KernelState;
import io.naru.core.state.RouteTables;
import io.naru.core.underlay.HostInterface;
import io.naru.linux.route.ForwardingEntry;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteKind;
import io.naru.linux.route.RouteNetlink;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads from a kernel all that is Naru's, and what of the host matters to it. */
public final class KernelReader {
  /** Beginning of the names of pods' host ends; what follows is hexadecimal. */
  private static final Pattern POD_INTERFACE = Pattern.compile("naru[0-9a-f]{11}");

  private final RouteNetlink netlink;
  private final FilterTables filters;

  public KernelReader(RouteNetlink netlink, FilterTables filters) {
    this.netlink = netlink;
    this.filters = filters;
  }

  /**
   * One reading of a kernel.
   *
   * @param ours all that is Naru's, but for settings: those are read by name with {@link
   *     HostSettings}
   * @param hostEnds the node's ends of pods' veth pairs; those that nobody desires are not the
   *     loop's
   * @param facts what the desired state depends on
   * @param interfaces the host's, for the choice of the underlay
   */
  public record Reading(
      KernelState ours,
      List<HostEndLink> hostEnds,
      HostFacts facts,
      List<HostInterface> interfaces) {
    public Reading {
      hostEnds = List.copyOf(hostEnds);
      interfaces = List.copyOf(interfaces);
    }

    /** All that is there of what is ours or desired. */
    public KernelState present(KernelState desired) {
      List<KernelEntry> present = new ArrayList<>(ours.entries());
      hostEnds.stream().filter(end -> desired.has(end.key())).forEach(present::add);
      present.addAll(HostSettings.present(desired));
      return KernelState.of(present);
    }
  }

  /** Reads everything. */
  public Reading read() {
    Map<Integer, Link> links = new LinkedHashMap<>();
    netlink.links().forEach(link -> links.put(link.index(), link));
    List<LinkAddress> addresses = netlink.addresses();
    List<KernelEntry> entries = new ArrayList<>();
    for (Link link : links.values()) {
      if (isTunnel(link) && link.kind() instanceof LinkKind.Vxlan vxlan) {
        readTunnel(link, vxlan, links, entries);
      }
    }
    readAddresses(links, addresses, entries);
    readNeighbours(links, entries);
    readRoutes(links, entries);
    readRules(entries);
    FilterTables.Reading filtered = filters.read();
    entries.addAll(filtered.entries());
    entries.addAll(filtered.elements());
    AdvertisedRoutes advertised = AdvertisedRoutes.read(netlink);
    return new Reading(
        KernelState.of(entries),
        hostEnds(links.values()),
        facts(links.values(), filtered.dropping(), advertised),
        HostInterfaces.of(netlink, links.values(), addresses, advertised));
  }

  private void readTunnel(
      Link link, LinkKind.Vxlan vxlan, Map<Integer, Link> links, List<KernelEntry> entries) {
    Link parent = links.get(vxlan.parent());
    entries.add(
        new TunnelDevice(
            link.name(),
            link.address(),
            vxlan.vni(),
            vxlan.port(),
            vxlan.local().filter(local -> isAsMade(vxlan, local)).orElse(KernelWriter.UNSPECIFIED),
            parent == null ? "" : parent.name(),
            link.mtu(),
            isUsable(link)));
    for (ForwardingEntry entry : netlink.forwardingEntries(link.index())) {
      if (entry.permanent() && entry.destination().isPresent()) {
        // An entry with a port of its own is none that anybody desires.
        entries.add(
            new TunnelForward(
                link.name(),
                entry.address(),
                entry.port() == 0 ? entry.destination().get() : KernelWriter.UNSPECIFIED));
      }
    }
  }

  /** What cannot be changed back, or not on every kernel, is made anew: as with another address. */
  private static boolean isAsMade(LinkKind.Vxlan vxlan, IpAddress local) {
    return vxlan.equals(
        LinkKind.Vxlan.of(vxlan.vni(), local, vxlan.port()).withParent(vxlan.parent()));
  }

  /** A port of a bridge hands no packet to the host's own routing. */
  private static boolean isUsable(Link link) {
    return link.up() && link.master() == 0;
  }

  /**
   * All addresses on our devices: ours, and what a DHCP client or a person put there. The
   * link-local ones of IPv6 are the kernel's own.
   */
  private static void readAddresses(
      Map<Integer, Link> links, List<LinkAddress> addresses, List<KernelEntry> entries) {
    for (LinkAddress found : addresses) {
      Link link = links.get(found.index());
      IpAddress address = found.address().address();
      if (link != null
          && (isTunnel(link) || isHostEnd(link))
          && !(address.isIpv6() && address.isLinkLocal())) {
        entries.add(new DeviceAddress(link.name(), found.address(), isMute(found)));
      }
    }
  }

  /** The kernel chooses no such address for packets to elsewhere. */
  private static boolean isMute(LinkAddress found) {
    return switch (found.address().address().family()) {
      case IPV4 -> found.scope() != LinkAddress.EVERYWHERE;
      case IPV6 -> (found.flags() & LinkAddress.DEPRECATED) != 0;
    };
  }

  private static boolean isHostEnd(Link link) {
    return POD_INTERFACE.matcher(link.name()).matches();
  }

  private static boolean isTunnel(Link link) {
    return link.name().equals(DesiredState.TUNNEL) && link.kind() instanceof LinkKind.Vxlan;
  }

  /** Of the tunnel and of the pods' host ends, in one dump however many pods there are. */
  private void readNeighbours(Map<Integer, Link> links, List<KernelEntry> entries) {
    for (Neighbour neighbour : netlink.neighbours()) {
      Link link = links.get(neighbour.link());
      if (link != null
          && (isTunnel(link) || isHostEnd(link))
          && neighbour.state() == NeighbourState.PERMANENT
          && neighbour.hardwareAddress().isPresent()
          && !neighbour.address().isMulticast()) {
        entries.add(
            new NeighbourEntry(
                link.name(), neighbour.address(), neighbour.hardwareAddress().orElseThrow()));
      }
    }
  }

  private void readRoutes(Map<Integer, Link> links, List<KernelEntry> entries) {
    for (Route route : netlink.routes(RouteFilter.all().withProtocol(RouteTables.PROTOCOL))) {
      if (route.kind() == RouteKind.UNREACHABLE && route.mtu().isEmpty()) {
        entries.add(RouteEntry.unreachable(route.table(), route.destination()));
        continue;
      }
      Link out = links.get(route.outputLink());
      entries.add(
          new RouteEntry(
              route.table(),
              route.destination(),
              isPlain(route) ? route.gateway() : Optional.of(KernelWriter.UNSPECIFIED),
              Optional.ofNullable(out).map(Link::name),
              route.onlink(),
              route.preferredSource()));
    }
  }

  /** What refuses in other ways, has several ways or an MTU of its own is none of ours. */
  private static boolean isPlain(Route route) {
    return route.kind() == RouteKind.UNICAST && route.nextHops().isEmpty() && route.mtu().isEmpty();
  }

  private void readRules(List<KernelEntry> entries) {
    netlink.rules().stream()
        .filter(rule -> rule.protocol() == RouteTables.PROTOCOL)
        .map(
            rule ->
                new MarkRule(
                    rule.family(), rule.priority(), rule.mark(), rule.mask(), rule.table()))
        .forEach(entries::add);
  }

  private static List<HostEndLink> hostEnds(Collection<Link> links) {
    return links.stream()
        .filter(KernelReader::isHostEnd)
        .map(link -> new HostEndLink(link.name(), link.address(), link.mtu(), isUsable(link)))
        .toList();
  }

  private static HostFacts facts(
      Collection<Link> links, List<ForeignChain> dropping, AdvertisedRoutes routes) {
    Set<String> names = new HashSet<>();
    Set<String> strict = new HashSet<>();
    Set<String> advertisements = new HashSet<>();
    Set<String> advertised = new HashSet<>();
    addIfOne("net/ipv4/conf/all/rp_filter", "all", strict);
    for (Link link : links) {
      String name = link.name();
      names.add(name);
      if (!name.startsWith("naru")) {
        addIfOne("net/ipv4/conf/" + name + "/rp_filter", name, strict);
        addIfOne("net/ipv6/conf/" + name + "/accept_ra", name, advertisements);
      }
      if (routes.leadTo(link.index())) {
        advertised.add(name);
      }
    }
    boolean loose = HostSettings.read("net/ipv4/conf/all/rp_filter").equals(Optional.of("2"));
    return new HostFacts(names, dropping, strict, advertisements, advertised, loose);
  }

  private static void addIfOne(String setting, String name, Set<String> names) {
    if (HostSettings.read(setting).equals(Optional.of("1"))) {
      names.add(name);
    }
  }
}
