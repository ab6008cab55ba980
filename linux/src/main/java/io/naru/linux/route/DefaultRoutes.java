package io.naru.linux.route;

import static io.naru.linux.route.Rtnetlink.RTM_GETROUTE;

import io.naru.core.address.IpFamily;
import io.naru.linux.netlink.NetlinkConversation;
import io.naru.linux.netlink.NetlinkMessage;
import io.naru.linux.netlink.NetlinkRequest;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Finds the default routes among the thousands that the main table may hold. */
final class DefaultRoutes {
  private DefaultRoutes() {}

  static Set<Integer> links(NetlinkConversation socket) {
    Set<Integer> found = new HashSet<>();
    for (IpFamily family : IpFamily.values()) {
      RouteFilter main = RouteFilter.all().withFamily(family).withTable(Route.MAIN);
      NetlinkRequest request =
          new NetlinkRequest("list the default routes", RTM_GETROUTE, 0, RouteCodec.all(main));
      socket.dump(request).stream()
          .map(NetlinkMessage::payload)
          .filter(RouteCodec::isDefault)
          .map(RouteCodec::read)
          .flatMap(Optional::stream)
          .filter(route -> main.matches(route) && route.kind() == RouteKind.UNICAST)
          .forEach(route -> found.add(route.outputLink()));
    }
    return Set.copyOf(found);
  }
}
