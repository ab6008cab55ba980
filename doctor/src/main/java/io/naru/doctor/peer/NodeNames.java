package io.naru.doctor.peer;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.diagnosis.FirewallOwner;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What nodes are called: those that were looked at by their own names, others by an address.
 *
 * @param looks of those that were looked at
 * @param others names that somebody knows for addresses
 */
record NodeNames(List<Look> looks, Map<IpAddress, String> others) {
  /** Whoever writes network policies into a packet filter. */
  private static final Set<FirewallOwner> POLICIES =
      Set.of(FirewallOwner.CALICO, FirewallOwner.KUBE_ROUTER, FirewallOwner.CILIUM);

  NodeNames {
    looks = List.copyOf(looks);
    others = Map.copyOf(others);
  }

  /** The look at the node that has one of these, as far as there is one. */
  Optional<Look> look(
      Optional<MacAddress> mac, Optional<IpAddress> inside, Optional<IpAddress> node) {
    return looks.stream()
        .filter(
            look ->
                look.tunnels().stream()
                    .anyMatch(tunnel -> mac.filter(tunnel.mac()::equals).isPresent()))
        .findFirst()
        .or(
            () ->
                looks.stream()
                    .filter(look -> inside.filter(address -> holds(look, address)).isPresent())
                    .findFirst())
        .or(
            () ->
                looks.stream()
                    .filter(look -> node.filter(look.addresses()::contains).isPresent())
                    .findFirst());
  }

  private static boolean holds(Look look, IpAddress address) {
    return look.addresses().contains(address)
        || look.tunnels().stream().anyMatch(tunnel -> tunnel.addresses().contains(address));
  }

  Optional<Look> look(PeerEnd end) {
    return look(end.mac(), end.gateway().or(end::target), end.node());
  }

  /** The name of the node at the other end. */
  String name(PeerEnd end) {
    return look(end)
        .map(Look::node)
        .or(() -> end.node().map(address -> others.getOrDefault(address, address.toString())))
        .or(() -> end.gateway().map(IpAddress::toString))
        .or(() -> end.mac().map(MacAddress::toString))
        .orElse("unknown");
  }

  Optional<Look> named(String node) {
    return looks.stream().filter(look -> look.node().equals(node)).findFirst();
  }

  /** Which program of network policies may be why a pod's packets get no answer, a sentence. */
  Optional<String> policyAgainst(PodTrial trial) {
    List<String> ends = List.of(trial.pod().toString(), trial.target().toString());
    return looks.stream()
        .flatMap(look -> look.drops().stream())
        .filter(drop -> ends.contains(drop.from()) && ends.contains(drop.to()))
        .filter(drop -> POLICIES.contains(FirewallOwner.of(drop)))
        .map(drop -> "a network policy drops them: " + drop.said())
        .findFirst()
        .or(
            () ->
                looks.stream().anyMatch(look -> look.peer() == PeerNetwork.CILIUM)
                    ? Optional.of(
                        "no answer came, and a network policy of Cilium may be why"
                            + " (cilium-dbg monitor --type drop)")
                    : Optional.empty());
  }
}
