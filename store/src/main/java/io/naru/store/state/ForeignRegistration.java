package io.naru.store.state;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.ForeignNode;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Registers tunnel end points that run no Naru: all of them, or none and every mistake is named.
 */
final class ForeignRegistration {
  private final ClusterState state;
  private final NetworkConfiguration network;
  private final List<ForeignNode> wanted;
  private final TakenBlocks blocks;
  private final Map<IpAddress, NodeName> addresses = new HashMap<>();
  private final Map<MacAddress, NodeName> macs = new HashMap<>();
  private final Set<NodeName> names = new HashSet<>();
  private final List<String> mistakes = new ArrayList<>();
  private int wrongEntries;

  private ForeignRegistration(ClusterState state, List<ForeignNode> wanted) {
    this.state = state;
    this.network = state.configuration();
    this.wanted = wanted;
    this.blocks = TakenBlocks.of(state.claims());
  }

  static List<StateEvent> events(ClusterState state, List<ForeignNode> wanted) {
    return new ForeignRegistration(state, wanted).events();
  }

  private List<StateEvent> events() {
    takeWhatOthersHave();
    List<StateEvent> events = new ArrayList<>();
    for (int i = 0; i < wanted.size(); i++) {
      ForeignNode foreign = wanted.get(i);
      List<String> wrong = check(foreign);
      if (!wrong.isEmpty()) {
        wrongEntries++;
        String entry =
            wanted.size() == 1
                ? "node " + foreign.name() + ": "
                : "entry " + (i + 1) + ", node " + foreign.name() + ": ";
        wrong.forEach(mistake -> mistakes.add(entry + mistake));
        continue;
      }
      Node node = foreign.node(network.vni(), network.vxlanPort());
      if (!foreign.podCidrs().equals(state.claims().get(foreign.name()))) {
        events.add(new StateEvent.ClaimsPut(foreign.name(), foreign.podCidrs()));
      }
      if (!node.equals(state.nodes().get(foreign.name()))) {
        events.add(new StateEvent.NodePut(node));
      }
    }
    refuseMistakes();
    return events;
  }

  /** Those that are registered anew may change hands among themselves. */
  private void takeWhatOthersHave() {
    Set<NodeName> replaced = new HashSet<>();
    for (ForeignNode foreign : wanted) {
      if (agentsTrace(foreign.name()).isEmpty()) {
        replaced.add(foreign.name());
        blocks.release(state.claims().getOrDefault(foreign.name(), List.of()));
      }
    }
    for (Node other : state.nodes().values()) {
      if (!replaced.contains(other.name())) {
        other.publicAddresses().forEach(address -> addresses.put(address, other.name()));
        macs.put(other.vtepMac(), other.name());
      }
    }
  }

  /** What shows that a name is that of a node with an agent. */
  private Optional<String> agentsTrace(NodeName name) {
    Node known = state.nodes().get(name);
    if (known != null) {
      return known.kind() == NodeKind.AGENT ? Optional.of("runs Naru") : Optional.empty();
    }
    if (state.pinnedKeys().containsKey(name) || state.claims().containsKey(name)) {
      return Optional.of("has joined the cluster with an agent");
    }
    return Optional.empty();
  }

  private List<String> check(ForeignNode foreign) {
    List<String> wrong = new ArrayList<>(foreign.mistakes());
    agentsTrace(foreign.name())
        .ifPresent(
            trace ->
                wrong.add(
                    "a node of that name "
                        + trace
                        + "; choose another name, or if it runs no Naru any more, first type:"
                        + " naru node rm "
                        + foreign.name()));
    if (!names.add(foreign.name())) {
      wrong.add("an entry before it has the same name");
      return wrong;
    }
    for (IpAddress address : foreign.addresses()) {
      network.clusterCidrs().stream()
          .filter(cluster -> cluster.contains(address))
          .forEach(
              cluster ->
                  wrong.add(
                      "the address "
                          + address
                          + " is a pod's, of "
                          + cluster
                          + "; give the host's own on the underlay"));
      taken(addresses.putIfAbsent(address, foreign.name()), "the address " + address, wrong);
    }
    taken(
        macs.putIfAbsent(foreign.vtepMac(), foreign.name()),
        "the VTEP MAC " + foreign.vtepMac(),
        wrong);
    foreign.podCidrs().forEach(cidr -> check(cidr, foreign.name(), wrong));
    return wrong;
  }

  private static void taken(
      @org.jspecify.annotations.Nullable NodeName owner, String what, List<String> wrong) {
    if (owner != null) {
      wrong.add(what + " is node " + owner + "'s");
    }
  }

  private void check(Prefix cidr, NodeName name, List<String> wrong) {
    if (network.clusterCidr(cidr.family()).stream().noneMatch(it -> it.contains(cidr))) {
      wrong.add(
          "the pod CIDR "
              + cidr
              + " is not inside the cluster's "
              + network.clusterCidrs()
              + ", the only addresses that Naru's nodes send to each other; choose a part of it, of"
              + " any length");
      return;
    }
    blocks
        .take(cidr, name)
        .ifPresent(
            owner ->
                wrong.add(
                    owner.equals(name)
                        ? "its pod CIDRs overlap"
                        : "the pod CIDR " + cidr + " overlaps one of node " + owner));
  }

  private void refuseMistakes() {
    if (mistakes.isEmpty()) {
      return;
    }
    String summary =
        wanted.size() == 1
            ? ""
            : wrongEntries
                + " of "
                + wanted.size()
                + " entries cannot be registered, so none was:\n  ";
    throw new NaruException(ErrorCode.CONFLICT, summary + String.join("\n  ", mistakes));
  }
}
