package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.peer.Tunnel.Forward;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Compares a kernel's entries with each other, and with what the nodes they are about say. */
final class Differences {
  private final NodeNames names;

  Differences(NodeNames names) {
    this.names = names;
  }

  List<Difference> of(Look look) {
    List<Difference> found = new ArrayList<>();
    for (Tunnel tunnel : look.tunnels()) {
      device(look, tunnel, found);
      if (!tunnel.external()) {
        for (PeerEnd end : PeerEnd.of(tunnel)) {
          entries(look, tunnel, end, found);
          counterpart(tunnel, end).ifPresent(other -> wire(look, tunnel, end, other, found));
        }
      }
    }
    // Devices and entries explain more than settings do.
    found.addAll(SettingDifferences.of(look, () -> Losses.at(look, names.looks())));
    return List.copyOf(found);
  }

  private static void device(Look look, Tunnel tunnel, List<Difference> found) {
    if (!tunnel.up()) {
      found.add(
          new Difference(
              look.node(),
              "port-mismatch",
              Optional.empty(),
              tunnel.device() + " is down",
              "ip link set " + tunnel.device() + " up"));
    } else if (tunnel.local().filter(local -> !look.addresses().contains(local)).isPresent()) {
      found.add(
          new Difference(
              look.node(),
              "tunnel-altered",
              Optional.empty(),
              tunnel.device()
                  + " sends from "
                  + tunnel.local().get()
                  + ", which is no address of "
                  + look.node(),
              ""));
    } else if (tunnel.addresses().isEmpty() && look.peer() == PeerNetwork.FLANNEL) {
      found.add(
          new Difference(
              look.node(),
              "address-altered",
              Optional.empty(),
              tunnel.device() + " has no address of its own, and so answers nobody",
              ""));
    }
  }

  /** Two ends that speak differently: the one that does not speak as its makers do is wrong. */
  private void wire(Look look, Tunnel tunnel, PeerEnd end, Tunnel other, List<Difference> found) {
    int port = look.peer() == PeerNetwork.KERNEL ? VxlanPort.STANDARD : VxlanPort.LINUX;
    String peer = names.name(end);
    boolean first = look.node().compareTo(peer) > 0;
    if (tunnel.port() != other.port() && tunnel.port() != port && (other.port() == port || first)) {
      found.add(
          new Difference(
              look.node(),
              "port-mismatch",
              Optional.empty(),
              tunnel.device()
                  + " uses UDP "
                  + tunnel.port()
                  + "; that of "
                  + peer
                  + " uses UDP "
                  + other.port(),
              ""));
    }
    if (tunnel.vni() != other.vni() && tunnel.vni() != 1 && (other.vni() == 1 || first)) {
      found.add(
          new Difference(
              look.node(),
              "vni-mismatch",
              Optional.empty(),
              tunnel.device()
                  + " has VNI "
                  + tunnel.vni()
                  + "; that of "
                  + peer
                  + " has VNI "
                  + other.vni(),
              ""));
    }
  }

  private void entries(Look look, Tunnel tunnel, PeerEnd end, List<Difference> found) {
    String peer = names.name(end);
    Optional<Tunnel> other = counterpart(tunnel, end);
    // While the device is down its routes are gone too: that is one trouble, not many.
    if (!tunnel.up()) {
      return;
    }
    Optional<MacAddress> mac = other.map(Tunnel::mac).or(end::mac);
    Optional<IpAddress> node = other.flatMap(Tunnel::local).or(end::node);
    if (end.gateway().isPresent() && !end.resolved() && !end.prefixes().isEmpty()) {
      found.add(
          new Difference(
              look.node(),
              "neigh-missing",
              Optional.of(peer),
              "the route to "
                  + end.prefixes().getFirst()
                  + " leads to "
                  + end.gateway().get()
                  + ", of which "
                  + tunnel.device()
                  + " knows no MAC address",
              mac.map(
                      known ->
                          "ip neigh replace "
                              + end.gateway().get()
                              + " lladdr "
                              + known
                              + " dev "
                              + tunnel.device()
                              + " nud permanent")
                  .orElse("")));
    } else if (end.resolved() && other.isPresent() && !end.mac().equals(mac)) {
      found.add(staleMac(look, tunnel, end, peer, other.get(), node));
    }
    forwarding(look, tunnel, end, peer, node, found);
    // Others' programs write entries for all tunnel ends, also where routes go by the nic.
    if (look.peer() == PeerNetwork.FLANNEL
        && end.gateway().isPresent()
        && end.prefixes().isEmpty()
        && !covered(look, end.gateway().get())) {
      found.add(
          new Difference(
              look.node(),
              "route-missing",
              Optional.of(peer),
              tunnel.device()
                  + " knows the tunnel end "
                  + end.gateway().get()
                  + " of "
                  + peer
                  + ", and no route leads there",
              "ip route replace "
                  + pods(end.gateway().get())
                  + " via "
                  + end.gateway().get()
                  + " dev "
                  + tunnel.device()
                  + " onlink"));
    }
  }

  /** The other end's device was made anew: it takes no frames for the address of before. */
  private static Difference staleMac(
      Look look, Tunnel tunnel, PeerEnd end, String peer, Tunnel other, Optional<IpAddress> node) {
    List<String> commands = new ArrayList<>();
    boolean known =
        tunnel.forwards().stream()
            .anyMatch(f -> f.mac().equals(other.mac()) || f.mac().value() == 0);
    if (!known) {
      node.ifPresent(
          to ->
              commands.add(
                  "bridge fdb append " + other.mac() + " dev " + tunnel.device() + " dst " + to));
    }
    IpAddress gateway = end.gateway().orElseThrow();
    commands.add(
        "ip neigh replace "
            + gateway
            + " lladdr "
            + other.mac()
            + " dev "
            + tunnel.device()
            + " nud permanent");
    return new Difference(
        look.node(),
        "vtep-mac-stale",
        Optional.of(peer),
        "it uses "
            + end.mac().orElseThrow()
            + " for "
            + gateway
            + "; the tunnel end of "
            + peer
            + " has "
            + other.mac(),
        commands);
  }

  private static void forwarding(
      Look look,
      Tunnel tunnel,
      PeerEnd end,
      String peer,
      Optional<IpAddress> node,
      List<Difference> found) {
    if (!end.resolved()) {
      return;
    }
    MacAddress mac = end.mac().orElseThrow();
    List<Forward> forwards =
        tunnel.forwards().stream().filter(forward -> forward.mac().equals(mac)).toList();
    boolean floods = tunnel.forwards().stream().anyMatch(forward -> forward.mac().value() == 0);
    String to = node.map(IpAddress::toString).orElse("<address of " + peer + ">");
    if (forwards.isEmpty() && !floods) {
      found.add(
          new Difference(
              look.node(),
              "fdb-missing",
              Optional.of(peer),
              tunnel.device()
                  + " has no forwarding entry for "
                  + mac
                  + ", the tunnel end "
                  + end.gateway().map(IpAddress::toString).orElse("of " + peer),
              "bridge fdb append " + mac + " dev " + tunnel.device() + " dst " + to));
    } else if (!forwards.isEmpty()
        && !Losses.answers(look, tunnel, end) // by another address of the same node
        && node.filter(address -> forwards.stream().noneMatch(f -> f.destination().equals(address)))
            .isPresent()) {
      found.add(
          new Difference(
              look.node(),
              "fdb-wrong",
              Optional.of(peer),
              tunnel.device()
                  + " sends what is for "
                  + mac
                  + " to "
                  + forwards.stream()
                      .map(forward -> forward.destination().toString())
                      .collect(Collectors.joining(", "))
                  + "; that tunnel end is at "
                  + to,
              "bridge fdb replace " + mac + " dev " + tunnel.device() + " dst " + to));
    }
  }

  private static boolean covered(Look look, IpAddress gateway) {
    return Stream.concat(
            look.tunnels().stream().flatMap(tunnel -> tunnel.routes().stream()),
            look.directRoutes().stream())
        .anyMatch(route -> route.prefix().contains(gateway));
  }

  /** A block of pods, as large as Flannel gives them to a node unless it is told otherwise. */
  private static String pods(IpAddress gateway) {
    return gateway + (gateway.isIpv4() ? "/24" : "/64");
  }

  private Optional<Tunnel> counterpart(Tunnel tunnel, PeerEnd end) {
    return names
        .look(Optional.empty(), end.gateway().or(end::target), end.node())
        .or(() -> names.look(end))
        .flatMap(
            look ->
                look.tunnels().stream()
                    .filter(other -> other.device().equals(tunnel.device()))
                    .findFirst());
  }
}
