package io.naru.lab.fault;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.fault.NodeSight.Forward;
import io.naru.lab.fault.NodeSight.Neighbour;
import io.naru.lab.fault.NodeSight.Route;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the kernels at both ends of a direction hold at the moment.
 *
 * @param from the node whose packets are meant
 * @param to the node that they go to
 */
public record PairSight(
    Topology topology, LabNode from, LabNode to, NodeSight sender, NodeSight receiver) {
  /** The direction of this pair alone. */
  Direction direction() {
    return new Direction(Optional.of(from.name()), Optional.of(to.name()));
  }

  /** A table for that fault between these two. */
  RuleTable table(Fault fault, String target, String family, String hook, List<String> rules) {
    String name = "lab-" + fault.id() + "." + from.name() + "." + to.name();
    return new RuleTable(target, family, name, hook, rules);
  }

  /**
   * A firewall on a node that drops and counts what matches.
   *
   * @param hook of its chain: {@code input}, {@code output} or {@code forward}
   * @param matches what it drops, a rule each
   * @param comment what the owner of the firewall thought
   */
  Injection firewall(Fault fault, LabNode node, String hook, List<String> matches, String comment) {
    List<String> rules =
        matches.stream().map(match -> match + " counter drop comment \"" + comment + "\"").toList();
    return Injection.of(table(fault, node.name(), "inet", hook + " priority 0", rules));
  }

  /** Matches for the tunnel's packets between the nodes, one a family of the underlay. */
  List<String> tunnelPackets() {
    return outerPackets(UnderlayPortBlocked.TUNNEL);
  }

  /** Matches for packets between the nodes' own addresses, one a family of the underlay. */
  List<String> outerPackets(String what) {
    List<String> matches = new ArrayList<>();
    for (IpFamily family : topology.families()) {
      String keyword = Direction.keyword(family);
      matches.add(
          "%s saddr %s %s daddr %s %s"
              .formatted(keyword, own(from, family), keyword, own(to, family), what));
    }
    return matches;
  }

  /** Matches for packets between the pods of both nodes, one for each pair of blocks. */
  List<String> podPackets() {
    List<String> matches = new ArrayList<>();
    for (Prefix source : sender.podCidrs()) {
      for (Prefix destination : receiver.podCidrs(source.family())) {
        String keyword = Direction.keyword(source.family());
        matches.add("%s saddr %s %s daddr %s".formatted(keyword, source, keyword, destination));
      }
    }
    if (matches.isEmpty()) {
      throw missing("blocks of pod addresses on both nodes");
    }
    return matches;
  }

  /** A table that counts, on the sender, the pod packets which its tunnel device is given. */
  RuleTable packetsIntoTunnel(Fault fault) {
    List<String> rules =
        podPackets().stream()
            .map(match -> "oifname \"" + NodeSight.TUNNEL + "\" " + match + " counter")
            .toList();
    return table(fault, from.name(), "inet", "postrouting priority 300", rules);
  }

  /** A table that counts, on the receiver, the pod packets which its tunnel device hands over. */
  RuleTable packetsOutOfTunnel(Fault fault) {
    List<String> rules =
        podPackets().stream()
            .map(match -> "iifname \"" + NodeSight.TUNNEL + "\" " + match + " counter")
            .toList();
    return table(fault, to.name(), "inet", "prerouting priority -400", rules);
  }

  /** The sender's entry for the receiver's tunnel end point. */
  Forward forward() {
    return sender.forwards().stream()
        .filter(entry -> receiver.vtepMac().equals(Optional.of(entry.mac())))
        .findFirst()
        .orElseThrow(() -> missing("a forwarding entry for " + to.name() + "'s tunnel end point"));
  }

  /** The sender's neighbours that are the receiver's tunnel end point; at least one. */
  List<Neighbour> gateways() {
    List<Neighbour> found =
        sender.neighbours().stream()
            .filter(entry -> receiver.vtepMac().equals(Optional.of(entry.mac())))
            .toList();
    if (found.isEmpty()) {
      throw missing("a neighbour that is " + to.name() + "'s tunnel end point");
    }
    return found;
  }

  /** The sender's routes to the receiver's pods; at least one. */
  List<Route> routesThere() {
    return routes(sender, receiver);
  }

  /** The receiver's routes to the sender's pods; at least one. */
  List<Route> routesBack() {
    return routes(receiver, sender);
  }

  private List<Route> routes(NodeSight at, NodeSight to) {
    List<Route> found =
        at.routes().stream().filter(route -> to.podCidrs().contains(route.destination())).toList();
    if (found.isEmpty()) {
      throw missing("a route to the other node's pods");
    }
    return found;
  }

  boolean sameSubnet() {
    return from.subnet().equals(to.subnet());
  }

  static IpAddress own(LabNode node, IpFamily family) {
    return node.address(family)
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.CONFLICT,
                    node.name() + " has no " + family + " address, which this fault is about"));
  }

  private NaruException missing(String what) {
    return new NaruException(
        ErrorCode.CONFLICT,
        "from %s to %s there is nothing to break: %s is missing; heal what stands, or wait until the"
                .formatted(from.name(), to.name(), what)
            + " path is healthy");
  }
}
