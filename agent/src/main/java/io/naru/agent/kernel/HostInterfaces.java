package io.naru.agent.kernel;

import io.naru.core.underlay.HostInterface;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.RouteNetlink;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The host's interfaces, for the choice of the underlay. */
public final class HostInterfaces {
  private HostInterfaces() {}

  public static List<HostInterface> read(RouteNetlink netlink) {
    return of(netlink, netlink.links(), netlink.addresses(), AdvertisedRoutes.read(netlink));
  }

  static List<HostInterface> of(
      RouteNetlink netlink,
      Collection<Link> links,
      List<LinkAddress> addresses,
      AdvertisedRoutes advertised) {
    Set<Integer> withDefault = netlink.linksOfDefaultRoutes();
    return links.stream()
        .map(
            link ->
                new HostInterface(
                    link.name(),
                    link.mtu(),
                    link.up(),
                    addresses.stream()
                        .filter(address -> address.index() == link.index())
                        .sorted(Comparator.comparingInt(HostInterfaces::fleeting))
                        .map(LinkAddress::address)
                        .toList(),
                    advertised.onLink(link.index()),
                    withDefault.contains(link.index())))
        .toList();
  }

  /** Addresses that come and go (RFC 8981), and those on their way out, stand behind the others. */
  private static int fleeting(LinkAddress address) {
    int flags = LinkAddress.TEMPORARY | LinkAddress.DEPRECATED | LinkAddress.DUPLICATE_FOUND;
    // In IPv4 the same bit says that it is an interface's second address.
    return address.address().address().isIpv6() && (address.flags() & flags) != 0 ? 1 : 0;
  }
}
