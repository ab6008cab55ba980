package io.naru.agent.kernel;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteKind;
import io.naru.linux.route.RouteNetlink;
import java.util.List;

/** The host's routes that a router advertised (RFC 4861), whoever took them over. */
record AdvertisedRoutes(List<Route> routes) {
  AdvertisedRoutes {
    routes = List.copyOf(routes);
  }

  static AdvertisedRoutes read(RouteNetlink netlink) {
    return new AdvertisedRoutes(
        netlink.routes(
            RouteFilter.all()
                .withFamily(IpFamily.IPV6)
                .withTable(Route.MAIN)
                .withProtocol(Route.PROTOCOL_ROUTER_ADVERTISEMENT)));
  }

  /** Whether any leads to that link. */
  boolean leadTo(int link) {
    return routes.stream().anyMatch(route -> route.outputLink() == link);
  }

  /** What is on that link itself, though an address there may have no prefix, as with DHCPv6. */
  List<Prefix> onLink(int link) {
    return routes.stream()
        .filter(route -> route.outputLink() == link && route.kind() == RouteKind.UNICAST)
        .filter(route -> route.gateway().isEmpty() && route.destination().length() > 0)
        .map(Route::destination)
        .toList();
  }
}
