package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.doctor.peer.Tunnel.PodRoute;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The networks that pods' blocks are of, as far as a node's routes tell. Firewalls are told to
 * accept them, so they hold nothing but blocks that a route is there for.
 */
final class PodNetworks {
  private PodNetworks() {}

  /** The blocks that a node knows, IPv4 first; two halves of a larger one are that one. */
  static List<String> of(Look look) {
    List<Prefix> networks =
        new ArrayList<>(
            Stream.concat(
                    look.tunnels().stream()
                        .flatMap(tunnel -> Stream.concat(others(tunnel), own(look, tunnel))),
                    look.directRoutes().stream().map(PodRoute::prefix))
                .filter(block -> block.length() >= shortest(block.family()))
                .distinct()
                .sorted()
                .toList());
    for (int i = 0; i + 1 < networks.size(); ) {
      Optional<Prefix> both = joined(networks.get(i), networks.get(i + 1));
      if (both.isEmpty()) {
        i++;
        continue;
      }
      networks.set(i, both.get());
      networks.remove(i + 1);
      i = Math.max(0, i - 1); // it may be half of a larger one itself
    }
    return networks.stream().map(Prefix::toString).toList();
  }

  private static Stream<Prefix> others(Tunnel tunnel) {
    return tunnel.routes().stream().map(PodRoute::prefix);
  }

  /** Flannel's tunnel end has the first address of its node's block; blocks are of one length. */
  private static Stream<Prefix> own(Look look, Tunnel tunnel) {
    List<Prefix> others = others(tunnel).distinct().toList();
    return look.peer() != PeerNetwork.FLANNEL
        ? Stream.empty()
        : tunnel.addresses().stream().flatMap(address -> own(address, others).stream());
  }

  private static Optional<Prefix> own(IpAddress address, List<Prefix> others) {
    List<Integer> lengths =
        others.stream()
            .filter(other -> other.family() == address.family())
            .map(Prefix::length)
            .distinct()
            .toList();
    return lengths.size() != 1
        ? Optional.empty()
        : Optional.of(Prefix.around(address, lengths.getFirst()))
            .filter(block -> block.address().equals(address));
  }

  /** One network for two, if it holds no address that is in neither. */
  private static Optional<Prefix> joined(Prefix one, Prefix other) {
    if (one.contains(other)) {
      return Optional.of(one);
    }
    if (one.length() != other.length() || one.length() <= shortest(one.family())) {
      return Optional.empty();
    }
    Prefix both = Prefix.around(one.address(), one.length() - 1);
    return both.contains(other) ? Optional.of(both) : Optional.empty();
  }

  /** Nobody's pods have more: a shorter one would be half of the internet. */
  private static int shortest(IpFamily family) {
    return switch (family) {
      case IPV4 -> 8;
      case IPV6 -> 32;
    };
  }
}
