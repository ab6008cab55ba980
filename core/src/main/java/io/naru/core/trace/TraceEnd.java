package io.naru.core.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One end of a trace.
 *
 * @param name as people call it: a pod's name, a node's, or an address
 * @param kind what it is
 * @param node the node that it is on, or is; empty outside of the cluster
 * @param addresses its own, at most one a family
 * @param underlay its node's addresses on the underlay
 */
public record TraceEnd(
    String name,
    Kind kind,
    Optional<NodeName> node,
    List<IpAddress> addresses,
    List<IpAddress> underlay) {
  /** What an end is. */
  public enum Kind {
    POD,
    /** A node by its own address in the pod network. */
    NODE,
    /** A node by its address on the underlay. */
    HOST,
    /** An address that no node of the cluster has. */
    OUTSIDE
  }

  public TraceEnd {
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(kind, "kind is missing");
    addresses = List.copyOf(addresses);
    underlay = List.copyOf(underlay);
  }

  public Optional<IpAddress> address(IpFamily family) {
    return addresses.stream().filter(address -> address.family() == family).findFirst();
  }

  public boolean isPod() {
    return kind == Kind.POD;
  }
}
