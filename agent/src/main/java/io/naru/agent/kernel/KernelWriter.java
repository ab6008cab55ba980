package io.naru.agent.kernel;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.DeviceAddress;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.ForwardAccept;
import io.naru.core.state.KernelEntry.MarkRule;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.Setting;
import io.naru.core.state.KernelEntry.TunnelDevice;
import io.naru.core.state.KernelEntry.TunnelForward;
import io.naru.core.state.Operation;
import io.naru.core.state.Plan;
import io.naru.core.state.RouteTables;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Change;
import io.naru.linux.route.ForwardingEntry;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.LinkSpec;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.route.RoutingRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Carries a plan out. Each operation succeeds or fails by itself: what the kernel refuses for one
 * peer does not delay another.
 */
public final class KernelWriter {
  /** Stands for a tunnel's missing local address; no desired device has it. */
  static final IpAddress UNSPECIFIED = IpAddress.parse("0.0.0.0");

  private static final int IPV6_METRIC = 1024; // IP6_RT_PRIO_USER of net/ip6_route.h

  /** The alias by which people and Naru itself know the tunnel device. */
  public static final String TUNNEL_ALIAS = "naru tunnel";

  private final RouteNetlink netlink;
  private final FilterTables filters;
  private final HostSettings settings;
  private final Steps steps;

  /** An operation that did not succeed, and why. */
  public record Failure(Operation operation, String why) {
    public String text() {
      return operation.text() + ": " + why;
    }
  }

  private record Pending(Operation operation, Change change) {}

  public KernelWriter(
      RouteNetlink netlink, FilterTables filters, HostSettings settings, Steps steps) {
    this.netlink = netlink;
    this.filters = filters;
    this.settings = settings;
    this.steps = steps;
  }

  /** Returns the operations that failed, with the reasons; none where all is done. */
  public List<Failure> apply(Plan plan) {
    List<Failure> failures = new ArrayList<>();
    List<Pending> batch = new ArrayList<>();
    Map<String, Integer> indexes = new HashMap<>();
    netlink.links().forEach(link -> indexes.put(link.name(), link.index()));
    for (Operation operation : plan.operations()) {
      steps.before(operation.text());
      try {
        Optional<Change> change = prepare(operation, indexes);
        change.ifPresent(c -> batch.add(new Pending(operation, c)));
        if (change.isEmpty() || steps.observed()) {
          flush(batch, failures);
        }
        if (change.isEmpty()) {
          applyAlone(operation, indexes);
        }
      } catch (NaruException refused) {
        failures.add(new Failure(operation, refused.sentence()));
      }
    }
    flush(batch, failures);
    return List.copyOf(failures);
  }

  private void flush(List<Pending> batch, List<Failure> failures) {
    List<Optional<KernelException>> results =
        netlink.apply(batch.stream().map(Pending::change).toList());
    for (int i = 0; i < results.size(); i++) {
      Operation operation = batch.get(i).operation();
      Optional<KernelException> refused = results.get(i);
      if (refused.isPresent() && !isThereMeanwhile(operation, refused.get())) {
        failures.add(new Failure(operation, sentence(operation, refused.get())));
      }
    }
    batch.clear();
  }

  /** A pod's attachment makes the same route as the loop: whoever comes second finds it. */
  private boolean isThereMeanwhile(Operation operation, KernelException refused) {
    return refused.isPresent()
        && operation.entry() instanceof RouteEntry entry
        && netlink
            .routes(RouteFilter.all().withTable(entry.table()).withProtocol(RouteTables.PROTOCOL))
            .stream()
            .anyMatch(route -> route.destination().equals(entry.destination()));
  }

  private static String sentence(Operation operation, KernelException refused) {
    return refused.isPresent() && operation.entry() instanceof RouteEntry entry
        ? "another program's route to "
            + entry.destination()
            + " stands there and is left alone; see ip route show "
            + entry.destination()
            + ", and remove it or give the cluster other clusterCidrs"
        : refused.sentence();
  }

  /** What can go into a batch of netlink messages; empty for what must be done by itself. */
  private static Optional<Change> prepare(Operation operation, Map<String, Integer> indexes) {
    boolean put =
        switch (operation) {
          case Operation.Put wanted -> true;
          case Operation.Remove unwanted -> false;
        };
    return switch (operation.entry()) {
      case DeviceAddress(String name, var address) -> {
        int link = index(indexes, name);
        LinkAddress entry =
            LinkAddress.of(link, address)
                .withFlags(LinkAddress.NO_DUPLICATE_DETECTION | LinkAddress.NO_PREFIX_ROUTE)
                .withProtocol(RouteTables.PROTOCOL);
        yield Optional.of(put ? new Change.AddAddress(entry) : new Change.RemoveAddress(entry));
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
      case TunnelDevice device -> Optional.empty();
      case Setting setting -> Optional.empty();
      case MarkRule rule -> Optional.empty();
      case FilterTable table -> Optional.empty();
      case ForwardAccept accept -> Optional.empty();
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

  private void applyAlone(Operation operation, Map<String, Integer> indexes) {
    switch (operation) {
      case Operation.Put(KernelEntry entry, Optional<KernelEntry> present) -> {
        switch (entry) {
          case TunnelDevice device -> {
            try {
              putTunnel(device, present, indexes);
            } catch (KernelException refused) {
              throw TunnelObstacle.explained(refused, device, netlink.links());
            }
          }
          case Setting setting -> settings.write(setting);
          case MarkRule rule -> {
            netlink.addRule(rule(rule));
          }
          case FilterTable table -> filters.put(table);
          case ForwardAccept accept -> filters.put(accept);
          case DeviceAddress batched -> throw batched(batched);
          case NeighbourEntry batched -> throw batched(batched);
          case TunnelForward batched -> throw batched(batched);
          case RouteEntry batched -> throw batched(batched);
        }
      }
      case Operation.Remove(KernelEntry entry) -> {
        switch (entry) {
          case TunnelDevice device -> netlink.deleteLink(index(indexes, device.name()));
          case Setting setting -> {
            // A setting is never taken away; HostSettings.restore puts back what was before.
          }
          case MarkRule rule -> netlink.removeRule(rule(rule));
          case FilterTable table -> filters.remove(table);
          case ForwardAccept accept -> filters.remove(accept);
          case DeviceAddress batched -> throw batched(batched);
          case NeighbourEntry batched -> throw batched(batched);
          case TunnelForward batched -> throw batched(batched);
          case RouteEntry batched -> throw batched(batched);
        }
      }
    }
  }

  private static NaruException batched(KernelEntry entry) {
    return new NaruException(ErrorCode.INTERNAL, entry.text() + " belongs into a batch");
  }

  private void putTunnel(
      TunnelDevice device, Optional<KernelEntry> present, Map<String, Integer> indexes) {
    if (present.orElse(null) instanceof TunnelDevice there) {
      int index = index(indexes, there.name());
      if (device.canBecomeFrom(there)) {
        LinkSettings changes =
            LinkSettings.none().withMtu(device.mtu()).withAlias(TUNNEL_ALIAS).withUp(device.up());
        // Even the same address, set again, costs the device all its neighbours.
        netlink.setLink(
            index, device.mac().equals(there.mac()) ? changes : changes.withAddress(device.mac()));
        return;
      }
      netlink.deleteLink(index);
    }
    LinkKind.Vxlan vxlan =
        LinkKind.Vxlan.of(device.vni(), device.local(), device.port())
            .withParent(index(indexes, device.parent()));
    Link made =
        netlink.createLink(
            LinkSpec.vxlan(device.name(), vxlan)
                .withAddress(device.mac())
                .withMtu(device.mtu())
                .withAlias(TUNNEL_ALIAS));
    indexes.put(device.name(), made.index());
    if (device.up()) {
      netlink.setUp(made.index());
    }
  }

  private static Route route(RouteEntry entry, Map<String, Integer> indexes) {
    boolean ipv6 = entry.destination().address().isIpv6();
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
        route
            .withTable(entry.table())
            .withProtocol(RouteTables.PROTOCOL)
            .withMetric(ipv6 ? IPV6_METRIC : 0);
    if (entry.onlink()) {
      route = route.withOnlink();
    }
    return entry.source().map(route::withPreferredSource).orElse(route);
  }

  private static RoutingRule rule(MarkRule rule) {
    return RoutingRule.forMark(
        rule.family(),
        rule.priority(),
        rule.mark(),
        rule.mask(),
        rule.table(),
        RouteTables.PROTOCOL);
  }

  private static int index(Map<String, Integer> indexes, String name) {
    Integer index = indexes.get(name);
    if (index == null) {
      throw new NaruException(ErrorCode.NOT_FOUND, "there is no interface " + name);
    }
    return index;
  }
}
