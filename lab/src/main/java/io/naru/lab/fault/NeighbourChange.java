package io.naru.lab.fault;

import io.naru.lab.fault.NodeSight.Neighbour;

/** A static neighbour of a node's tunnel device, as {@code ip neigh} changes it. */
record NeighbourChange(String node, Neighbour neighbour) {
  /** What an injection that changes it alters. */
  String claim() {
    return node + " neighbour " + neighbour.address();
  }

  Step remove() {
    return Step.ip(node, "neigh del " + neighbour.address() + " dev " + NodeSight.TUNNEL);
  }

  Step to(String mac) {
    return Step.ip(
        node,
        "neigh replace %s lladdr %s dev %s nud permanent"
            .formatted(neighbour.address(), mac, NodeSight.TUNNEL));
  }

  Step restore() {
    return to(neighbour.mac());
  }
}
