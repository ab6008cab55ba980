package io.naru.agent.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.NodeView;
import io.naru.core.path.PathId;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeSize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongSupplier;

/** When each peer is probed, and with what: a round is one probe of each size on each path. */
final class ProbeRounds {
  private static final int SMALL_LENGTH = 64;

  private final LongSupplier random;
  private final Map<NodeName, Long> next = new HashMap<>();

  ProbeRounds(LongSupplier random) {
    this.random = random;
  }

  /** The peers whose round is due; each one's next round is an interval later. */
  List<NodeName> due(Set<NodeName> peers, long interval, long now) {
    next.keySet().retainAll(peers);
    List<NodeName> due = new ArrayList<>();
    for (NodeName peer : peers) {
      // Spread over the interval, so that a large cluster gives an even rate.
      long at =
          next.computeIfAbsent(peer, name -> now + Math.floorMod(random.getAsLong(), interval));
      if (at - now <= 0) {
        due.add(peer);
        next.put(peer, now - at > interval ? now + interval : at + interval);
      }
    }
    return due;
  }

  /** No peer's round is further away than an interval. */
  void hasten(long interval, long now) {
    next.replaceAll((peer, at) -> Math.min(at, now + Math.floorMod(random.getAsLong(), interval)));
  }

  /**
   * One round of probes on a path: each family by itself.
   *
   * @param paths with the newest probes that came the other way
   */
  static List<OutgoingProbe> probes(NodeView view, PeerPaths paths, LongSupplier randomId) {
    PathId path = paths.out();
    Node peer = view.peer(path.to()).orElseThrow();
    List<OutgoingProbe> probes = new ArrayList<>();
    for (IpFamily family : paths.families()) {
      Optional<Prefix> ours = view.self().podCidr(family);
      Optional<Prefix> theirs = peer.podCidr(family);
      if (ours.isEmpty() || theirs.isEmpty()) {
        continue;
      }
      List<Long> received = paths.newest(family);
      for (ProbeSize size : ProbeSize.values()) {
        probes.add(
            new OutgoingProbe(
                new ProbePacket(
                    randomId.getAsLong(),
                    path.transport(),
                    family,
                    size,
                    path.from(),
                    path.to(),
                    received),
                NodeView.gateway(ours.get()).address(),
                NodeView.gateway(theirs.get()).address(),
                length(size, family, view.podMtu())));
      }
    }
    return probes;
  }

  private static int length(ProbeSize size, IpFamily family, int podMtu) {
    int headers =
        switch (family) {
          case IPV4 -> 28;
          case IPV6 -> 48;
        };
    return switch (size) {
      case SMALL -> SMALL_LENGTH;
      case FULL -> podMtu - headers;
    };
  }
}
