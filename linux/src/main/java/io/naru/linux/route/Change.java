package io.naru.linux.route;

import io.naru.core.address.IpAddress;

/** One thing to do in the kernel, as a value: it can be compared, printed and batched. */
public sealed interface Change {
  /** Creates a link; fails when the name is taken. */
  record CreateLink(LinkSpec spec) implements Change {}

  /** Changes a link. */
  record SetLink(int index, LinkSettings settings) implements Change {}

  /** Moves a link into the namespace of an open descriptor. */
  record MoveLink(int index, int namespaceDescriptor) implements Change {}

  /** Deletes a link. */
  record DeleteLink(int index) implements Change {}

  /** Adds an address; fails when it is there. */
  record AddAddress(LinkAddress address) implements Change {}

  /** Removes an address; fails when it is not there. */
  record RemoveAddress(LinkAddress address) implements Change {}

  /** Adds a route; fails when one with that destination, table and metric is there. */
  record AddRoute(Route route) implements Change {}

  /** Adds a route in place of one with that destination, table and metric. */
  record ReplaceRoute(Route route) implements Change {}

  /** Removes a route; fails when none matches, its protocol included. */
  record RemoveRoute(Route route) implements Change {}

  /** Adds or replaces a neighbour. */
  record SetNeighbour(Neighbour neighbour) implements Change {}

  /** Removes a neighbour; fails when it is not there. */
  record RemoveNeighbour(int link, IpAddress address) implements Change {}

  /** Adds a forwarding entry, or sends an existing one's frames elsewhere. */
  record SetForwardingEntry(ForwardingEntry entry) implements Change {}

  /** Adds one more destination to a forwarding entry, as for flooding by all zeros. */
  record AppendForwardingEntry(ForwardingEntry entry) implements Change {}

  /** Removes a forwarding entry; fails when it is not there. */
  record RemoveForwardingEntry(ForwardingEntry entry) implements Change {}

  /** Adds a rule; fails when the same one is there. */
  record AddRule(RoutingRule rule) implements Change {}

  /** Removes a rule; fails when none matches. */
  record RemoveRule(RoutingRule rule) implements Change {}
}
