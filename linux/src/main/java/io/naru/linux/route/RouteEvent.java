package io.naru.linux.route;

/** What the kernel tells subscribers of {@link RouteEvents}. */
public sealed interface RouteEvent {
  /** Whether something is now there, new or changed, or gone. */
  enum Presence {
    PRESENT,
    GONE
  }

  /** A link was made, changed or deleted. */
  record OfLink(Presence presence, Link link) implements RouteEvent {}

  /** An address was added, changed or removed. */
  record OfAddress(Presence presence, LinkAddress address) implements RouteEvent {}

  /** A route was added, replaced or removed. */
  record OfRoute(Presence presence, Route route) implements RouteEvent {}

  /** A neighbour was added, changed or removed. */
  record OfNeighbour(Presence presence, Neighbour neighbour) implements RouteEvent {}

  /** A forwarding entry was added, changed or removed. */
  record OfForwardingEntry(Presence presence, ForwardingEntry entry) implements RouteEvent {}

  /** A rule was added or removed. */
  record OfRule(Presence presence, RoutingRule rule) implements RouteEvent {}

  /** Events were lost, which ones is not known: compare everything. */
  record Overflow() implements RouteEvent {}
}
