package io.naru.lab.fault;

import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.Collection;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A fault that stands in a lab.
 *
 * @param fault which
 * @param direction between which nodes
 */
public record ActiveFault(FabricFault fault, Direction direction) {
  /** Name of its counter in the fabric's table, for example {@code mtu-hole.node1.any}. */
  public String counter() {
    return fault.id() + "." + direction.from().orElse("any") + "." + direction.to().orElse("any");
  }

  /** The nodes that must hand over packets at their size on the wire, by name. */
  public static Set<String> sendersOfWireSizes(Topology topology, Collection<ActiveFault> active) {
    return active.stream()
        .filter(fault -> fault.fault().needsWireSizes())
        .flatMap(fault -> fault.direction().senders(topology).stream())
        .map(LabNode::name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
