package io.naru.agent.node;

import io.naru.agent.loop.Pass;
import io.naru.core.address.Prefix;
import io.naru.core.desired.DesiredState;
import io.naru.core.error.NaruException;
import io.naru.core.state.RouteTables;
import io.naru.linux.route.NeighbourState;
import io.naru.linux.route.Route;
import io.naru.linux.route.RouteEvent;
import io.naru.linux.route.RouteEvents;
import io.naru.linux.route.RouteEvents.Group;
import java.util.EnumSet;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Triggers the loop when the kernel says that something changed which may be ours. */
final class KernelEvents implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(KernelEvents.class);

  private final RouteEvents events;
  private final Runnable trigger;
  private volatile int tunnel = -1;
  private volatile List<Prefix> cluster = List.of();

  KernelEvents(Runnable trigger) {
    this.trigger = trigger;
    this.events = RouteEvents.open(EnumSet.allOf(Group.class));
    Thread.ofPlatform().daemon().name("naru-events").start(this::run);
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
          route.protocol() == RouteTables.PROTOCOL
              || route.destination().length() == 0
              || mayReplaceOurs(route);
      case RouteEvent.OfRule(var presence, var rule) -> rule.protocol() == RouteTables.PROTOCOL;
      case RouteEvent.OfNeighbour(var presence, var neighbour) ->
          neighbour.link() == tunnel || neighbour.state() == NeighbourState.PERMANENT;
      case RouteEvent.OfForwardingEntry(var presence, var entry) -> entry.link() == tunnel;
      case RouteEvent.Overflow() -> true;
    };
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
    events.close();
  }
}
