package io.naru.agent.kernel;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.DeviceAddress;
import io.naru.core.state.KernelEntry.FilterElement;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.ForeignAccept;
import io.naru.core.state.KernelEntry.HostEndLink;
import io.naru.core.state.KernelEntry.MarkRule;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.Setting;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.KernelEntry.TunnelForward;
import io.naru.core.state.Operation;
import io.naru.core.state.RouteTables;
import io.naru.linux.route.Change;
import io.naru.linux.route.ForwardingEntry;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.Route;
import java.util.Map;
import java.util.Optional;

/** Turns operations into changes that many of can go to the kernel in one call. */
final class BatchedChange {
  private static final int IPV6_METRIC = 1024; // IP6_RT_PRIO_USER of net/ip6_route.h

  private static final int METRICS = 1024;
  private static final long SPREAD = 0x9e37_79b9_7f4a_7c15L; // 2^64 divided by the golden ratio

  private BatchedChange() {}

  /**
   * The kernel must not choose such an address for packets to elsewhere: one of IPv4 whose scope is
   * the link (inet_select_addr of net/ipv4/devinet.c), and of IPv6 one that is deprecated, while
   * there is another (RFC 6724, rule 3 of section 5).
   */
  private static LinkAddress mute(LinkAddress entry) {
    return switch (entry.address().address().family()) {
      case IPV4 -> entry.withScope(LinkAddress.THIS_LINK);
      case IPV6 -> entry.withFlags(entry.flags() | LinkAddress.DEPRECATED);
    };
  }

  /** What can go into a batch of netlink messages; empty for what must be done by itself. */
  static Optional<Change> of(Operation operation, Map<String, Integer> indexes) {
    boolean put =
        switch (operation) {
          case Operation.Put wanted -> true;
          case Operation.Remove unwanted -> false;
        };
    return switch (operation.entry()) {
      case DeviceAddress(String name, var address, boolean mute) -> {
        int link = index(indexes, name);
        LinkAddress entry =
            LinkAddress.of(link, address)
                .withFlags(LinkAddress.NO_DUPLICATE_DETECTION | LinkAddress.NO_PREFIX_ROUTE)
                .withProtocol(RouteTables.PROTOCOL);
        LinkAddress there = mute ? mute(entry) : entry;
        yield Optional.of(put ? new Change.AddAddress(there) : new Change.RemoveAddress(there));
      }
      case NeighbourEntry(String name, IpAddress address, var mac) -> {
        int link = index(indexes, name);
        yield Optional.of(
            put
                ? new Change.SetNeighbour(Neighbour.permanent(link, address, mac))
                : new Change.RemoveNeighbour(link, address));
      }
      case TunnelForward(String name, var mac, IpAddress remote) -> {
        ForwardingEntry entry = ForwardingEntry.tunnel(index(indexes, name), mac, remote);
        yield Optional.of(
            put ? new Change.SetForwardingEntry(entry) : new Change.RemoveForwardingEntry(entry));
      }
      case RouteEntry entry -> {
        Route route = route(entry, indexes);
        yield Optional.of(put ? put(operation, route) : new Change.RemoveRoute(route));
      }
      case HostEndLink end ->
          Optional.of(new Change.SetLink(index(indexes, end.name()), hostEnd(end, operation)));
      case TunnelDevice device -> Optional.empty();
      case Setting setting -> Optional.empty();
      case MarkRule rule -> Optional.empty();
      case FilterTable table -> Optional.empty();
      case FilterElement element -> Optional.empty();
      case ForeignAccept accept -> Optional.empty();
    };
  }

  private static LinkSettings hostEnd(HostEndLink end, Operation operation) {
    return switch (operation) {
      case Operation.Put(KernelEntry entry, Optional<KernelEntry> present) -> {
        LinkSettings changes =
            LinkSettings.none().withMtu(end.mtu()).withMaster(0).withUp(end.usable());
        // Even the same address, set again, costs the link all its neighbours.
        yield present.orElse(null) instanceof HostEndLink there && there.mac().equals(end.mac())
            ? changes
            : changes.withAddress(end.mac());
      }
      case Operation.Remove others -> LinkSettings.none(); // it goes with its pod
    };
  }

  /** Only a route of ours is replaced; where another program's stands, the kernel says so. */
  private static Change put(Operation operation, Route route) {
    return switch (operation) {
      case Operation.Put(KernelEntry entry, Optional<KernelEntry> present)
          when present.isPresent() ->
          new Change.ReplaceRoute(route);
      case Operation.Put absent -> new Change.AddRoute(route);
      case Operation.Remove unwanted -> new Change.RemoveRoute(route);
    };
  }

  private static Route route(RouteEntry entry, Map<String, Integer> indexes) {
    Route route;
    if (entry.out().isEmpty()) {
      route = Route.unreachable(entry.destination());
    } else {
      int link = index(indexes, entry.out().get());
      route =
          entry
              .gateway()
              .map(gateway -> Route.via(entry.destination(), gateway, link))
              .orElseGet(() -> Route.direct(entry.destination(), link));
    }
    route =
        route.withTable(entry.table()).withProtocol(RouteTables.PROTOCOL).withMetric(metric(entry));
    if (entry.onlink()) {
      route = route.withOnlink();
    }
    return entry.source().map(route::withPreferredSource).orElse(route);
  }

  /**
   * A route of the main table has the metric that other programs' have, so that the kernel refuses
   * to put one beside theirs. Those of our own tables meet no others, and have metrics of all
   * kinds: IPv4 looks for a route's next hop in a chain of all that leave by the same device with
   * the same metric (fib_find_info of net/ipv4/fib_semantics.c), which thousands of peers make
   * long.
   */
  private static int metric(RouteEntry entry) {
    IpAddress destination = entry.destination().address();
    return switch (destination.family()) {
      case IPV4 ->
          entry.table() == RouteTables.MAIN
              ? 0
              : 1 + Math.floorMod(Long.hashCode(destination.low() * SPREAD), METRICS);
      case IPV6 -> IPV6_METRIC;
    };
  }

  static int index(Map<String, Integer> indexes, String name) {
    Integer index = indexes.get(name);
    if (index == null) {
      throw new NaruException(ErrorCode.NOT_FOUND, "there is no interface " + name);
    }
    return index;
  }
}
