package io.naru.doctor.peer;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.doctor.peer.Tunnel.PodRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The networks that all pods' blocks are of, as far as a node's routes tell. */
final class PodNetworks {
  private PodNetworks() {}

  /** One for each family: the smallest that has all blocks that a node knows. */
  static List<String> of(Look look) {
    List<Prefix> blocks =
        Stream.concat(
                look.tunnels().stream().flatMap(tunnel -> tunnel.routes().stream()),
                look.directRoutes().stream())
            .map(PodRoute::prefix)
            .toList();
    List<String> networks = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      List<Prefix> own =
          Stream.concat(
                  blocks.stream(), look.podTrials().stream().map(trial -> trial.pod().toPrefix()))
              .filter(block -> block.family() == family)
              .toList();
      own.stream().reduce(PodNetworks::around).map(Prefix::toString).ifPresent(networks::add);
    }
    return List.copyOf(networks);
  }

  private static Prefix around(Prefix one, Prefix other) {
    Prefix wider = one;
    while (!wider.contains(other.address()) && wider.length() > 0) {
      wider = Prefix.around(wider.address(), wider.length() - 1);
    }
    return wider.length() > other.length() ? Prefix.around(wider.address(), other.length()) : wider;
  }
}
