package io.naru.lab.fault;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.Map;

/**
 * What the kernels of a lab hold at the moment.
 *
 * @param topology what the lab is made of
 * @param nodes what each node holds, by name; at least those that are looked at
 */
public record LabSight(Topology topology, Map<String, NodeSight> nodes) {
  public LabSight {
    nodes = Map.copyOf(nodes);
  }

  /** Two different nodes, the sender first. */
  public record Pair(LabNode from, LabNode to) {}

  PairSight of(Pair pair) {
    return new PairSight(topology, pair.from(), pair.to(), node(pair.from()), node(pair.to()));
  }

  NodeSight node(LabNode node) {
    NodeSight sight = nodes.get(node.name());
    if (sight == null) {
      throw new NaruException(ErrorCode.INTERNAL, node.name() + " was not looked at");
    }
    return sight;
  }
}
