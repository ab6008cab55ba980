package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.CounterSet.Direction;
import io.naru.core.path.Transport;
import io.naru.core.state.KernelEntry.FilterElement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** The sets that count packets, and a peer's elements in them. */
public final class CounterSets {
  private static final List<Direction> DIRECTIONS = List.of(Direction.values());

  private CounterSets() {}

  /** All sets that a node needs, in a stable order: every rule more costs every packet. */
  static List<CounterSet> all(NodeView view) {
    List<CounterSet> sets = new ArrayList<>();
    for (Direction direction : Direction.values()) {
      if (view.configuration().transport() != TransportPolicy.DIRECT) {
        sets.add(tunnel(direction, view.tunnelFamily()));
      }
      if (view.configuration().transport() != TransportPolicy.VXLAN) {
        for (Prefix own : view.self().podCidrs()) {
          for (int length : lengths(view, own.family())) {
            sets.add(direct(direction, own.family(), length));
          }
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

  /**
   * A peer's elements.
   *
   * @param names keeps the sets' names from one peer to the next
   */
  static List<FilterElement> elements(
      NodeView view, Node peer, List<Transport> usable, Map<CounterSet, String> names) {
    List<FilterElement> elements = new ArrayList<>(2 * usable.size());
    for (Transport transport : usable) {
      for (Direction direction : DIRECTIONS) {
        switch (transport) {
          case DIRECT -> {
            for (Prefix cidr : view.directRoutes(peer)) {
              CounterSet set = direct(direction, cidr.family(), cidr.length());
              elements.add(element(set, cidr.address(), names));
            }
          }
          case VXLAN -> {
            IpAddress outer = view.tunnelAddress(peer).orElseThrow();
            elements.add(element(tunnel(direction, outer.family()), outer, names));
          }
        }
      }
    }
    return elements;
  }

  private static FilterElement element(
      CounterSet set, IpAddress address, Map<CounterSet, String> names) {
    return new FilterElement(names.computeIfAbsent(set, CounterSet::name), address);
  }
}
