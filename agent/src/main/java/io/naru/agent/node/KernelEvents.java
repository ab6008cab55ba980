package io.naru.agent.node;

import io.naru.core.desired.DesiredState;
import io.naru.core.desired.FilterScript;
import io.naru.core.error.NaruException;
import io.naru.core.state.RouteTables;
import io.naru.linux.nftables.NftablesEvent;
import io.naru.linux.nftables.NftablesEvents;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.RouteEvent;
import io.naru.linux.route.RouteEvents;
import io.naru.linux.route.RouteEvents.Group;
import java.util.EnumSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Triggers the loop when the kernel says that something changed which may be ours. */
final class KernelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);

  private final RouteEvents events;
  private final NftablesEvents filterEvents;
  private final Runnable trigger;
  private volatile int tunnel = -1;

  KernelEvents(Runnable trigger) {
    this.trigger = trigger;
    this.events = RouteEvents.open(EnumSet.allOf(Group.class));
    this.filterEvents = NftablesEvents.open();
    Thread.ofPlatform().daemon().name("naru-events").start(this::run);
    Thread.ofPlatform().daemon().name("naru-filter-events").start(this::runFilter);
  }

  private void runFilter() {
    try {
      filterEvents.forEach(
          event -> {
            if (concerns(event)) {
              trigger.run();
            }
          });
    } catch (NaruException ended) {
      LOG.debug("no more events from the packet filter: {}", ended.sentence());
    }
  }

  /** Rules of others matter where they drop what pods send; elements of their sets do not. */
  private static boolean concerns(NftablesEvent event) {
    return switch (event) {
      case NftablesEvent.OfTable(String table) -> true;
      case NftablesEvent.OfElements(String table) -> table.equals(FilterScript.TABLE);
      case NftablesEvent.Overflow() -> true;
    };
  }

  private void run() {
    try {
      events.forEach(
          event -> {
            if (concerns(event)) {
              trigger.run();
            }
          });
    } catch (NaruException ended) {
      LOG.debug("no more events from the kernel: {}", ended.sentence());
    }
  }

  private boolean concerns(RouteEvent event) {
    return switch (event) {
      case RouteEvent.OfLink(var presence, var link) -> {
        if (link.name().equals(DesiredState.TUNNEL)) {
          tunnel = link.index();
        }
        yield true;
      }
      case RouteEvent.OfAddress(var presence, var address) -> true;
      case RouteEvent.OfRoute(var presence, var route) ->
          route.protocol() == RouteTables.PROTOCOL || route.destination().length() == 0;
      case RouteEvent.OfRule(var presence, var rule) -> rule.protocol() == RouteTables.PROTOCOL;
      case RouteEvent.OfNeighbour(var presence, var neighbour) ->
          neighbour.link() == tunnel || neighbour.state() == NeighbourState.PERMANENT;
      case RouteEvent.OfForwardingEntry(var presence, var entry) -> entry.link() == tunnel;
      case RouteEvent.Overflow() -> true;
    };
  }

  @Override
  public void close() {
    events.close();
    filterEvents.close();
  }
}
