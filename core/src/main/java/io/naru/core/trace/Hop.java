package io.naru.core.trace;

import io.naru.core.path.Transport;
import io.naru.core.trace.Sighting.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A place that a trace's packets should pass.
 *
 * @param name like {@code node1/nic}, or {@code web/eth0} in a pod
 * @param watcher the node whose agent watches it; empty if nobody does
 * @param interfaceName empty if nobody watches it
 */
record Hop(String name, Tap tap, Optional<NodeTrace> watcher, Optional<String> interfaceName) {
  private static final Set<TraceEnd.Kind> IN_POD_NETWORK =
      Set.of(TraceEnd.Kind.POD, TraceEnd.Kind.NODE);

  boolean isWatched() {
    return interfaceName.isPresent();
  }

  /** What was seen there of a probe, of those kinds; the first of several. */
  Optional<Sighting> sighting(int probe, Set<Kind> kinds) {
    return watcher.stream()
        .flatMap(node -> node.sightings().stream())
        .filter(seen -> seen.tap() == tap && seen.probe() == probe && kinds.contains(seen.kind()))
        .findFirst();
  }

  /**
   * The hops from one end to the other, in order.
   *
   * @param kinds what goes that way: where it was seen in the tunnel, the tunnel is a hop
   * @param sender the end whose choice of a transport counts for that way
   */
  static List<Hop> of(
      TraceOrder order,
      Optional<NodeTrace> from,
      Optional<NodeTrace> to,
      Set<Kind> kinds,
      Optional<NodeTrace> sender) {
    List<Hop> hops = new ArrayList<>();
    if (order.from().isPod()) {
      hops.add(inPod(order.from(), Tap.FROM_POD, from));
      hops.add(onNode(order.from(), Tap.FROM_VETH, from));
    }
    if (!order.isOnOneNode()) {
      boolean tunnel =
          IN_POD_NETWORK.contains(order.from().kind())
                  && IN_POD_NETWORK.contains(order.to().kind())
                  && sender.flatMap(NodeTrace::transport).equals(Optional.of(Transport.VXLAN))
              || sawTunnel(from, kinds)
              || sawTunnel(to, kinds);
      if (tunnel) {
        hops.add(onNode(order.from(), Tap.VTEP, from));
      }
      hops.add(onNode(order.from(), Tap.NIC, from));
      if (order.to().node().isPresent()) {
        hops.add(onNode(order.to(), Tap.NIC, to));
        if (tunnel) {
          hops.add(onNode(order.to(), Tap.VTEP, to));
        }
      }
    }
    if (order.to().isPod()) {
      hops.add(onNode(order.to(), Tap.TO_VETH, to));
      hops.add(inPod(order.to(), Tap.TO_POD, to));
    }
    return List.copyOf(hops);
  }

  private static boolean sawTunnel(Optional<NodeTrace> node, Set<Kind> kinds) {
    return node.stream()
        .flatMap(trace -> trace.sightings().stream())
        .anyMatch(seen -> seen.tap() == Tap.VTEP && kinds.contains(seen.kind()));
  }

  private static Hop inPod(TraceEnd pod, Tap tap, Optional<NodeTrace> watcher) {
    Optional<String> open = watcher.flatMap(node -> node.interfaceOf(tap));
    return new Hop(pod.name() + "/" + open.orElse(tap.word()), tap, watcher, open);
  }

  private static Hop onNode(TraceEnd end, Tap tap, Optional<NodeTrace> watcher) {
    return new Hop(
        end.node().map(Object::toString).orElse(end.name()) + "/" + tap.word(),
        tap,
        watcher,
        watcher.flatMap(node -> node.interfaceOf(tap)));
  }
}
