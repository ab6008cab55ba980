package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.desired.CounterSet.Direction;
import io.naru.core.path.Transport;
import io.naru.core.state.KernelEntry.FilterElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The sets that count packets, and a peer's elements in them. */
public final class CounterSets {
  private CounterSets() {}

  /** All sets that a node has, in a stable order. */
  static List<CounterSet> all(NodeView view) {
    List<CounterSet> sets = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      for (IpFamily family : IpFamily.values()) {
        sets.add(tunnel(direction, family));
        for (int length : lengths(view, family)) {
          sets.add(direct(direction, family, length));
        }
      }
    }
    return List.copyOf(sets);
  }

  /** The set that counts the tunnel's packets by their outer address. */
  public static CounterSet tunnel(Direction direction, IpFamily family) {
    return new CounterSet(Transport.VXLAN, direction, family, family.bits());
  }

  private static CounterSet direct(Direction direction, IpFamily family, int length) {
    return new CounterSet(Transport.DIRECT, direction, family, length);
  }

  /** One in general; a node without an agent may have a block of another length. */
  private static Set<Integer> lengths(NodeView view, IpFamily family) {
    Set<Integer> lengths = new TreeSet<>();
    view.self().podCidr(family).ifPresent(cidr -> lengths.add(cidr.length()));
    for (Node peer : view.peers()) {
      for (Prefix cidr : peer.podCidrs()) {
        if (cidr.family() == family) {
          lengths.add(cidr.length());
        }
      }
    }
    return lengths;
  }

  /** A peer's elements. */
  static List<FilterElement> elements(NodeView view, Node peer) {
    List<FilterElement> elements = new ArrayList<>();
    for (Transport transport : view.usableTransports(peer)) {
      for (Direction direction : Direction.values()) {
        switch (transport) {
          case DIRECT ->
              view.directRoutes(peer)
                  .forEach(
                      cidr ->
                          elements.add(
                              new FilterElement(
                                  direct(direction, cidr.family(), cidr.length()).name(),
                                  cidr.address())));
          case VXLAN -> {
            IpAddress outer = view.tunnelAddress(peer).orElseThrow();
            elements.add(new FilterElement(tunnel(direction, outer.family()).name(), outer));
          }
        }
      }
    }
    return elements;
  }
}
