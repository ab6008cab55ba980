package io.naru.agent.node;

import io.naru.agent.loop.Pass;
import io.naru.core.address.Prefix;
import io.naru.core.desired.FilterScript;
import io.naru.core.service.ServiceScript;
import io.naru.core.state.RouteTables;
import io.naru.linux.nftables.NftablesEvent;
import io.naru.linux.nftables.NftablesEvents;
import io.naru.linux.route.Link;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteEvent;
import io.naru.linux.route.RouteEvents;
import io.naru.linux.route.RouteEvents.Group;
import io.naru.linux.route.RouteNetlink;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Triggers the loop when the kernel says that something changed which may be ours. */
final class KernelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);

  /** What the names of all our devices begin with. */
  private static final String NAMES = "naru";

  private final RouteEvents events;
  private final NftablesEvents filterEvents;
  private volatile boolean closed;
  private final Runnable trigger;
  private final Consumer<NftablesEvent> services;

  /** Indexes of our devices; one that is gone is not reused before all others. */
  private final Set<Integer> ours = ConcurrentHashMap.newKeySet();

  private volatile List<Prefix> cluster = List.of();

  /**
   * @param services told of changes of the services' table
   */
  KernelEvents(Runnable trigger, Consumer<NftablesEvent> services) {
    this.trigger = trigger;
    this.services = services;
    this.events = RouteEvents.open(EnumSet.allOf(Group.class));
    this.filterEvents = NftablesEvents.open();
    // Those of an agent before this one make no event any more.
    try (RouteNetlink netlink = RouteNetlink.open()) {
      netlink.links().forEach(this::know);
    }
    listen("naru-events", "the kernel", () -> events.forEach(event -> tell(concerns(event))));
    listen("naru-filter-events", "the packet filter", () -> filterEvents.forEach(this::changed));
  }

  private void listen(String thread, String whose, Runnable reading) {
    Thread.ofPlatform()
        .daemon()
        .name(thread)
        .start(
            () -> {
              try {
                reading.run();
              } catch (RuntimeException ended) {
                ended(whose, ended);
              }
            });
  }

  private void changed(NftablesEvent event) {
    if (concernsServices(event)) {
      services.accept(event);
    }
    tell(concerns(event));
  }

  private void tell(boolean concerns) {
    if (concerns) {
      trigger.run();
    }
  }

  /** Without events drift waits for the next full comparison, and somebody should know. */
  private void ended(String whose, RuntimeException why) {
    if (!closed) {
      LOG.warn(
          "no more events from {}, so repair takes up to 10 s; restart the agent ({})",
          whose,
          why.toString());
    }
  }

  /** Rules of others matter where they drop what pods send; elements of their sets do not. */
  private static boolean concerns(NftablesEvent event) {
    return switch (event) {
      case NftablesEvent.OfTable(String table, int generation) ->
          !table.equals(ServiceScript.TABLE);
      case NftablesEvent.OfElements(String table, int generation) ->
          table.equals(FilterScript.TABLE);
      case NftablesEvent.Overflow() -> true;
    };
  }

  private static boolean concernsServices(NftablesEvent event) {
    return switch (event) {
      case NftablesEvent.OfTable(String table, int generation) -> table.equals(ServiceScript.TABLE);
      case NftablesEvent.OfElements(String table, int generation) ->
          table.equals(ServiceScript.TABLE);
      case NftablesEvent.Overflow() -> true;
    };
  }

  private boolean concerns(RouteEvent event) {
    return switch (event) {
      case RouteEvent.OfLink(var presence, var link) -> {
        know(link);
        yield true;
      }
      case RouteEvent.OfAddress(var presence, var address) -> true;
      case RouteEvent.OfRoute(var presence, var route) ->
          route.protocol() == RouteTables.PROTOCOL
              || route.destination().length() == 0
              || mayReplaceOurs(route);
      case RouteEvent.OfRule(var presence, var rule) -> rule.protocol() == RouteTables.PROTOCOL;
      case RouteEvent.OfNeighbour(var presence, var neighbour) -> ours.contains(neighbour.link());
      case RouteEvent.OfForwardingEntry(var presence, var entry) -> ours.contains(entry.link());
      case RouteEvent.Overflow() -> true;
    };
  }

  private void know(Link link) {
    if (link.name().startsWith(NAMES)) {
      ours.add(link.index());
    }
  }

  /** Learns which destinations are the cluster's. */
  void follow(Pass pass) {
    pass.view().ifPresent(view -> cluster = view.configuration().clusterCidrs());
  }

  /** A route of another that takes our route's place says nothing of ours. */
  private boolean mayReplaceOurs(Route route) {
    return cluster.stream().anyMatch(cidr -> cidr.contains(route.destination()));
  }

  @Override
  public void close() {
    closed = true;
    events.close();
    filterEvents.close();
  }
}
