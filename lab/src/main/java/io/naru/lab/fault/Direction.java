package io.naru.lab.fault;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Which packets a fault is about: those from one node, or any, to one node, or any other.
 *
 * @param from name of the sending node, or empty for: every node
 * @param to name of the receiving node, or empty for: every other node
 */
public record Direction(Optional<String> from, Optional<String> to) {
  public Direction {
    if (from.isPresent() && from.equals(to)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the path from " + from.get() + " to itself does not use the fabric; name two nodes");
    }
  }

  /** From every node to every other. */
  public static Direction everywhere() {
    return new Direction(Optional.empty(), Optional.empty());
  }

  public Direction reversed() {
    return new Direction(to, from);
  }

  /** The sending nodes; an unknown name is refused. */
  List<LabNode> senders(Topology topology) {
    return from.map(name -> List.of(topology.node(name))).orElse(topology.nodes());
  }

  /** The receiving nodes; an unknown name is refused. */
  List<LabNode> receivers(Topology topology) {
    return to.map(name -> List.of(topology.node(name))).orElse(topology.nodes());
  }

  /** All pairs of different nodes of this direction; an unknown name is refused. */
  public List<LabSight.Pair> pairs(Topology topology) {
    return senders(topology).stream()
        .flatMap(
            sender ->
                receivers(topology).stream()
                    .filter(receiver -> !receiver.equals(sender))
                    .map(receiver -> new LabSight.Pair(sender, receiver)))
        .toList();
  }

  /** Matches for all IP packets of this direction, of which no packet fits two. */
  List<String> packets(Topology topology) {
    String entering = "iifname " + names(senders(topology)) + " ";
    List<String> matches = new ArrayList<>();
    matches.add(entering + inSubnet(topology) + " ether type { ip, ip6 }");
    for (IpFamily family : topology.families()) {
      matches.add(entering + beyondSubnet(topology, family));
    }
    return matches;
  }

  /**
   * Those of {@link #packets(Topology)} that match something more.
   *
   * @param what in the words of nft
   */
  List<String> packets(Topology topology, String what) {
    return packets(topology).stream().map(match -> match + " " + what).toList();
  }

  /** As {@link #packets(Topology)}, of one family. */
  List<String> packets(Topology topology, IpFamily family) {
    String entering = "iifname " + names(senders(topology)) + " ";
    String local = entering + inSubnet(topology) + " ether type " + keyword(family);
    return topology.families().contains(family)
        ? List.of(local, entering + beyondSubnet(topology, family))
        : List.of(local);
  }

  /**
   * Matches the receivers in the sender's subnet by their link-layer addresses, which also finds
   * packets that carry a pod's address.
   */
  String inSubnet(Topology topology) {
    return "ether daddr " + hardwareAddresses(topology);
  }

  /** Matches packets that the fabric routes to the receivers. */
  String beyondSubnet(Topology topology, IpFamily family) {
    List<String> addresses =
        receivers(topology).stream()
            .flatMap(node -> node.address(family).stream())
            .map(IpAddress::toString)
            .toList();
    return "ether daddr != %s %s daddr %s"
        .formatted(hardwareAddresses(topology), keyword(family), set(addresses));
  }

  private String hardwareAddresses(Topology topology) {
    return set(receivers(topology).stream().map(node -> node.mac().toString()).toList());
  }

  static String keyword(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ip";
      case IPV6 -> "ip6";
    };
  }

  static String names(Collection<LabNode> nodes) {
    return set(nodes.stream().map(node -> '"' + node.name() + '"').toList());
  }

  static String set(Collection<String> elements) {
    return elements.stream().collect(Collectors.joining(", ", "{ ", " }"));
  }

  @Override
  public String toString() {
    return from.orElse("any") + " to " + to.orElse("any");
  }
}
