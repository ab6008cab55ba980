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
import io.naru.core.state.Plan;
import io.naru.core.state.RouteTables;
import io.naru.linux.call.KernelException;
import io.naru.linux.route.Change;
import io.naru.linux.route.Link;
import io.naru.linux.route.LinkKind;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.LinkSpec;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteFilter;
import io.naru.linux.route.RouteNetlink;
import io.naru.linux.route.RoutingRule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Carries a plan out. Each operation succeeds or fails by itself: what the kernel refuses for one
 * peer does not delay another.
 */
public final class KernelWriter {
  /** Stands for a tunnel's missing local address; no desired device has it. */
  static final IpAddress UNSPECIFIED = IpAddress.parse("0.0.0.0");

  /** The alias by which people and Naru itself know the tunnel device. */
  public static final String TUNNEL_ALIAS = "naru tunnel";

  private final RouteNetlink netlink;
  private final FilterTables filters;
  private final HostSettings settings;
  private final Steps steps;

  /**
   * An operation that did not succeed, and why.
   *
   * @param momentary whether it may succeed in a moment
   * @param operations how many it stands for: itself, and those that were left out for it
   */
  public record Failure(Operation operation, String why, boolean momentary, int operations) {
    Failure(Operation operation, String why, boolean momentary) {
      this(operation, why, momentary, 1);
    }

    private static Failure of(Operation operation, NaruException refused) {
      return new Failure(operation, refused.sentence(), isMomentary(refused));
    }

    private static boolean isMomentary(NaruException refused) {
      return refused instanceof KernelException said && said.isMomentary();
    }

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

  /** Why something that a clean-up needs is not on the disk yet; it is tried again first. */
  public Optional<String> unsaved() {
    return settings.unsaved();
  }

  /** Returns the operations that failed, with the reasons; none where all is done. */
  public List<Failure> apply(Plan plan) {
    if (plan.isEmpty()) {
      return List.of();
    }
    List<Failure> failures = new ArrayList<>();
    List<Pending> batch = new ArrayList<>();
    List<Operation> elements = new ArrayList<>();
    Map<String, Integer> indexes = new HashMap<>();
    netlink.links().forEach(link -> indexes.put(link.name(), link.index()));
    DeviceWait wait = new DeviceWait();
    for (Operation operation : plan.operations()) {
      if (wait.covers(operation)) {
        continue;
      }
      if (steps.observed()) {
        steps.before(operation.text());
      }
      if (operation.entry() instanceof FilterElement) {
        elements.add(operation);
      } else {
        flushElements(elements, failures);
        try {
          Optional<Change> change = BatchedChange.of(operation, indexes);
          change.ifPresent(c -> batch.add(new Pending(operation, c)));
          if (change.isEmpty() || steps.observed()) {
            flush(batch, failures);
          }
          if (change.isEmpty()) {
            applyAlone(operation, indexes);
          }
        } catch (NaruException refused) {
          if (operation.entry() instanceof TunnelDevice device && !isUp(device.name())) {
            wait.begin(Failure.of(operation, refused));
          } else {
            failures.add(Failure.of(operation, refused));
          }
        }
      }
      if (steps.observed()) {
        flushElements(elements, failures);
      }
    }
    flush(batch, failures);
    flushElements(elements, failures);
    wait.failure().ifPresent(failures::addFirst);
    return List.copyOf(failures);
  }

  private boolean isUp(String name) {
    return netlink.link(name).filter(Link::up).isPresent();
  }

  private void flush(List<Pending> batch, List<Failure> failures) {
    List<Optional<KernelException>> results =
        netlink.apply(batch.stream().map(Pending::change).toList());
    List<Failure> twins = new ArrayList<>();
    for (int i = 0; i < results.size(); i++) {
      Operation operation = batch.get(i).operation();
      if (results.get(i).isPresent()) {
        KernelException refused = results.get(i).get();
        List<Failure> among = isTwin(operation, refused) ? twins : failures;
        among.add(new Failure(operation, sentence(operation, refused), refused.isMomentary()));
      }
    }
    if (!twins.isEmpty()) {
      Set<KernelEntry.Key> there = routesThere();
      twins.stream()
          .filter(failure -> !there.contains(failure.operation().entry().key()))
          .forEach(failures::add);
    }
    batch.clear();
  }

  /** Whether a new route is refused for one that stands there, of ours or of somebody else. */
  private static boolean isTwin(Operation operation, KernelException refused) {
    return refused.isPresent()
        && operation instanceof Operation.Put(RouteEntry route, var present)
        && present.isEmpty();
  }

  /** A pod's attachment makes the same route as the loop: whoever comes second finds it. */
  private Set<KernelEntry.Key> routesThere() {
    Set<KernelEntry.Key> keys = new HashSet<>();
    for (Route route : netlink.routes(RouteFilter.all().withProtocol(RouteTables.PROTOCOL))) {
      keys.add(RouteEntry.key(route.table(), route.destination()));
    }
    return keys;
  }

  /** Elements go to the kernel together, as one transaction of its packet filter. */
  private void flushElements(List<Operation> elements, List<Failure> failures) {
    if (elements.isEmpty()) {
      return;
    }
    Set<FilterElement> put = new LinkedHashSet<>();
    Set<FilterElement> removed = new LinkedHashSet<>();
    for (Operation operation : elements) {
      if (operation.entry() instanceof FilterElement element) {
        switch (operation) {
          case Operation.Put wanted -> put.add(element);
          case Operation.Remove unwanted -> removed.add(element);
        }
      }
    }
    try {
      filters.change(put, removed);
    } catch (NaruException refused) {
      String others = elements.size() == 1 ? "" : " (and " + (elements.size() - 1) + " others)";
      failures.add(
          new Failure(elements.getFirst(), refused.sentence() + others, false, elements.size()));
    }
    elements.clear();
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
          case MarkRule rule -> netlink.addRule(rule(rule));
          case FilterTable table -> filters.put(table);
          case ForeignAccept accept -> filters.put(accept);
          case FilterElement batched -> throw batched(batched);
          case HostEndLink batched -> throw batched(batched);
          case DeviceAddress batched -> throw batched(batched);
          case NeighbourEntry batched -> throw batched(batched);
          case TunnelForward batched -> throw batched(batched);
          case RouteEntry batched -> throw batched(batched);
        }
      }
      case Operation.Remove(KernelEntry entry) -> {
        switch (entry) {
          case TunnelDevice device ->
              netlink.deleteLink(BatchedChange.index(indexes, device.name()));
          case Setting setting -> {
            // A setting is never taken away; HostSettings.restore puts back what was before.
          }
          case MarkRule rule -> netlink.removeRule(rule(rule));
          case FilterTable table -> filters.remove(table);
          case ForeignAccept accept -> filters.remove(accept);
          case FilterElement batched -> throw batched(batched);
          case HostEndLink batched -> throw batched(batched);
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
      int index = BatchedChange.index(indexes, there.name());
      if (device.canBecomeFrom(there)) {
        LinkSettings changes =
            LinkSettings.none()
                .withMtu(device.mtu())
                .withAlias(TUNNEL_ALIAS)
                .withMaster(0)
                .withUp(device.up());
        // Even the same address, set again, costs the device all its neighbours.
        netlink.setLink(
            index, device.mac().equals(there.mac()) ? changes : changes.withAddress(device.mac()));
        return;
      }
      netlink.deleteLink(index);
    }
    LinkKind.Vxlan vxlan =
        LinkKind.Vxlan.of(device.vni(), device.local(), device.port())
            .withParent(BatchedChange.index(indexes, device.parent()));
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

  private static RoutingRule rule(MarkRule rule) {
    return RoutingRule.forMark(
        rule.family(),
        rule.priority(),
        rule.mark(),
        rule.mask(),
        rule.table(),
        RouteTables.PROTOCOL);
  }
}
