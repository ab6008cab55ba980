package io.naru.agent.pod;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.pod.PodAttachment;
import io.naru.core.state.RouteTables;
import io.naru.linux.route.Change;
import io.naru.linux.route.LinkAddress;
import io.naru.linux.route.LinkSettings;
import io.naru.linux.route.LinkSpec;
import io.naru.linux.route.Neighbour;
import io.naru.linux.route.Route;
import io.naru.linux.route.RoutingRule;
import java.util.ArrayList;
import java.util.List;

/**
 * What the kernel is to hold for one attachment, as values.
 *
 * <p>The pod has each address alone on its link and sends everything to its gateway, which is
 * nobody's address on that link: a permanent neighbour entry leads to the node's end. The node has
 * a route and a permanent neighbour for each address. So neither end ever asks for the other.
 */
public final class DesiredWiring {
  private DesiredWiring() {}

  /** The veth pair: the node's end here, the pod's end in its namespace. Both down. */
  static LinkSpec pair(PodAttachment attachment, int podNamespaceDescriptor) {
    return LinkSpec.veth(
            attachment.hostInterface(),
            LinkSpec.end(attachment.key().interfaceName())
                .withMtu(attachment.mtu())
                .withAddress(attachment.podMac())
                .inNamespace(podNamespaceDescriptor))
        .withMtu(attachment.mtu())
        .withAddress(attachment.hostMac());
  }

  /** The node's end: whose it is, and that it is up. */
  static LinkSettings hostEnd(PodAttachment attachment) {
    return LinkSettings.none().withAlias(attachment.alias()).withUp(true);
  }

  /** Routes from the node to the pod, one an address. */
  public static List<Route> hostRoutes(PodAttachment attachment, int hostLink) {
    return attachment.addresses().stream()
        .map(
            address ->
                Route.direct(address.toPrefix(), hostLink).withProtocol(RouteTables.PROTOCOL))
        .toList();
  }

  /** Neighbours of the node on its end, one an address. */
  public static List<Neighbour> hostNeighbours(PodAttachment attachment, int hostLink) {
    return attachment.addresses().stream()
        .map(address -> Neighbour.permanent(hostLink, address, attachment.podMac()))
        .toList();
  }

  /** All that the node has besides the link itself; making it again changes nothing. */
  public static List<Change> hostChanges(PodAttachment attachment, int hostLink) {
    List<Change> changes = new ArrayList<>();
    hostNeighbours(attachment, hostLink)
        .forEach(neighbour -> changes.add(new Change.SetNeighbour(neighbour)));
    hostRoutes(attachment, hostLink).forEach(route -> changes.add(new Change.ReplaceRoute(route)));
    return List.copyOf(changes);
  }

  /** All that the pod has, in the order in which the kernel takes it. */
  static List<Change> podChanges(PodAttachment attachment, int podLink) {
    List<Change> changes = new ArrayList<>();
    changes.add(new Change.SetLink(podLink, LinkSettings.none().withUp(true)));
    for (IpAddress address : attachment.addresses()) {
      LinkAddress onLink =
          LinkAddress.of(podLink, new InterfaceAddress(address, address.family().bits()));
      changes.add(
          new Change.AddAddress(
              address.isIpv6() ? onLink.withFlags(LinkAddress.NO_DUPLICATE_DETECTION) : onLink));
    }
    for (int i = 0; i < attachment.gateways().size(); i++) {
      IpAddress gateway = attachment.gateways().get(i);
      int table = attachment.routeTables().get(i);
      changes.add(
          new Change.SetNeighbour(Neighbour.permanent(podLink, gateway, attachment.hostMac())));
      changes.add(
          new Change.AddRoute(
              Route.via(defaultOf(gateway.family()), gateway, podLink)
                  .withOnlink()
                  .withTable(table)
                  .withProtocol(RouteTables.PROTOCOL)));
      if (table != RouteTables.MAIN) {
        changes.add(new Change.AddRule(podRule(attachment, i)));
      }
    }
    return List.copyOf(changes);
  }

  /**
   * Sends what a pod's further interface has as its source out by that interface.
   *
   * @param number of the address
   */
  static RoutingRule podRule(PodAttachment attachment, int number) {
    return RoutingRule.forSource(
        attachment.addresses().get(number).toPrefix(),
        RouteTables.RULE_PRIORITY,
        attachment.routeTables().get(number),
        RouteTables.PROTOCOL);
  }

  static Prefix defaultOf(IpFamily family) {
    return Prefix.parse(
        switch (family) {
          case IPV4 -> "0.0.0.0/0";
          case IPV6 -> "::/0";
        });
  }
}
