package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.doctor.peer.Tunnel.Forward;
import io.naru.doctor.peer.Tunnel.Neighbour;
import io.naru.doctor.peer.Tunnel.PodRoute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Another node as the entries for a tunnel tell of it.
 *
 * @param node its own address: where the outer packets go
 * @param gateway its tunnel end's address
 * @param mac its tunnel end's link-layer address
 * @param resolved whether a neighbour says that address; else it is the only one left over
 * @param prefixes its pods' blocks
 * @param target an address there that should answer
 */
public record PeerEnd(
    Optional<IpAddress> node,
    Optional<IpAddress> gateway,
    Optional<MacAddress> mac,
    boolean resolved,
    List<Prefix> prefixes,
    Optional<IpAddress> target) {
  public PeerEnd {
    prefixes = List.copyOf(prefixes);
  }

  /** All that a tunnel's entries tell of, each once. */
  public static List<PeerEnd> of(Tunnel tunnel) {
    Map<Object, PeerEnd> ends = new LinkedHashMap<>();
    Optional<MacAddress> leftOver = leftOver(tunnel);
    for (PodRoute route : tunnel.routes()) {
      if (route.gateway().isPresent() || route.node().isPresent()) {
        PeerEnd end = behind(tunnel, route, leftOver);
        ends.merge(end.key(), end, PeerEnd::and);
      }
    }
    for (Neighbour neighbour : tunnel.neighbours()) {
      if (neighbour.mac().isPresent()
          && ends.values().stream().noneMatch(end -> end.has(neighbour.address()))) {
        PeerEnd end =
            new PeerEnd(
                destination(tunnel, neighbour.mac()),
                Optional.of(neighbour.address()),
                neighbour.mac(),
                true,
                List.of(),
                Optional.of(neighbour.address()));
        ends.putIfAbsent(end.key(), end);
      }
    }
    for (Forward forward : tunnel.forwards()) {
      if (ends.values().stream()
          .noneMatch(
              end ->
                  end.node().equals(Optional.of(forward.destination()))
                      || end.mac().equals(Optional.of(forward.mac())))) {
        PeerEnd end =
            new PeerEnd(
                Optional.of(forward.destination()),
                Optional.empty(),
                Optional.of(forward.mac()),
                false,
                List.of(),
                Optional.empty());
        ends.putIfAbsent(end.key(), end);
      }
    }
    return List.copyOf(ends.values());
  }

  private static PeerEnd behind(Tunnel tunnel, PodRoute route, Optional<MacAddress> leftOver) {
    Optional<MacAddress> known =
        route
            .gateway()
            .flatMap(
                gateway ->
                    tunnel.neighbours().stream()
                        .filter(neighbour -> neighbour.address().equals(gateway))
                        .flatMap(neighbour -> neighbour.mac().stream())
                        .findFirst());
    Optional<MacAddress> mac =
        known.or(() -> route.gateway().isPresent() ? leftOver : Optional.empty());
    return new PeerEnd(
        route.node().or(() -> destination(tunnel, mac)),
        route.gateway(),
        mac,
        known.isPresent(),
        List.of(route.prefix()),
        route.target().or(route::gateway));
  }

  /** Where one gateway has no neighbour and one forwarding entry no owner, they belong together. */
  private static Optional<MacAddress> leftOver(Tunnel tunnel) {
    Set<MacAddress> owned =
        tunnel.neighbours().stream()
            .flatMap(neighbour -> neighbour.mac().stream())
            .collect(Collectors.toSet());
    List<MacAddress> free =
        tunnel.forwards().stream()
            .map(Forward::mac)
            .filter(mac -> mac.value() != 0 && !owned.contains(mac))
            .distinct()
            .toList();
    long unresolved =
        tunnel.routes().stream()
            .flatMap(route -> route.gateway().stream())
            .distinct()
            .filter(
                gateway ->
                    tunnel.neighbours().stream()
                        .noneMatch(n -> n.address().equals(gateway) && n.mac().isPresent()))
            .count();
    return free.size() == 1 && unresolved == 1 ? Optional.of(free.getFirst()) : Optional.empty();
  }

  private static Optional<IpAddress> destination(Tunnel tunnel, Optional<MacAddress> mac) {
    return tunnel.forwards().stream()
        .filter(forward -> mac.equals(Optional.of(forward.mac())))
        .map(Forward::destination)
        .findFirst();
  }

  private Object key() {
    return node.<Object>map(address -> address)
        .or(() -> gateway.map(address -> address))
        .orElse(mac);
  }

  private boolean has(IpAddress address) {
    return gateway.equals(Optional.of(address)) || target.equals(Optional.of(address));
  }

  private PeerEnd and(PeerEnd other) {
    List<Prefix> both = new ArrayList<>(prefixes);
    other.prefixes.stream().filter(prefix -> !both.contains(prefix)).forEach(both::add);
    return new PeerEnd(node, gateway, mac, resolved, both, target);
  }
}
