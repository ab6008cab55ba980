package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * On which node an address is: in its block of pods, or its own. In a time that does not grow with
 * the number of nodes.
 */
public final class BackendPlaces {
  /** Knows no node; every backend is somewhere outside. */
  public static final BackendPlaces NOWHERE =
      new BackendPlaces(Optional.empty(), List.of(), Set.of());

  private final Optional<NodeName> self;
  private final Set<NodeName> broken;
  private final Map<Prefix, NodeName> nodes = new HashMap<>();
  private final Set<Prefix> blocks;
  private final List<Integer> lengths;

  private BackendPlaces(Optional<NodeName> self, Collection<Node> all, Set<NodeName> broken) {
    this.self = self;
    this.broken = Set.copyOf(broken);
    for (Node node : all) {
      node.publicAddresses().forEach(address -> nodes.put(address.toPrefix(), node.name()));
      node.underlay().forEach(own -> nodes.put(own.address().toPrefix(), node.name()));
      node.podCidrs().forEach(cidr -> nodes.put(cidr, node.name()));
    }
    TreeSet<Integer> longestFirst = new TreeSet<>(Comparator.reverseOrder());
    nodes.keySet().forEach(prefix -> longestFirst.add(prefix.length()));
    this.lengths = List.copyOf(longestFirst);
    this.blocks =
        all.stream()
            .flatMap(node -> node.podCidrs().stream())
            .collect(Collectors.toUnmodifiableSet());
  }

  /**
   * The places as a node knows them.
   *
   * @param broken nodes to which, or from which, a path is known to be broken
   */
  public static BackendPlaces of(NodeView view, Set<NodeName> broken) {
    List<Node> all = Stream.concat(view.peers().stream(), Stream.of(view.self())).toList();
    return new BackendPlaces(Optional.of(view.self().name()), all, broken);
  }

  /** The places of a cluster's nodes, as seen from one of them. */
  public static BackendPlaces of(NodeName self, Collection<Node> nodes) {
    return new BackendPlaces(Optional.of(self), nodes, Set.of());
  }

  /** The node that has the address, if one of the cluster has. */
  public Optional<NodeName> node(IpAddress address) {
    return prefix(address).map(nodes::get);
  }

  /** Whether it is a pod's address, not a node's own or one outside. */
  public boolean isPod(IpAddress address) {
    return prefix(address).filter(blocks::contains).isPresent();
  }

  private Optional<Prefix> prefix(IpAddress address) {
    for (int length : lengths) {
      if (length <= address.family().bits()) {
        Prefix around = Prefix.around(address, length);
        if (nodes.containsKey(around)) {
          return Optional.of(around);
        }
      }
    }
    return Optional.empty();
  }

  /** Whether the address is on this node itself. */
  public boolean isLocal(IpAddress address) {
    return self.isPresent() && node(address).equals(self);
  }

  /** Whether the way to the address is known to be broken. */
  public boolean isBroken(IpAddress address) {
    return !broken.isEmpty() && node(address).filter(broken::contains).isPresent();
  }

  /** Whether every address is at the same place there, and as well to reach. */
  public boolean isSameAs(BackendPlaces other) {
    return self.equals(other.self) && broken.equals(other.broken) && nodes.equals(other.nodes);
  }
}
