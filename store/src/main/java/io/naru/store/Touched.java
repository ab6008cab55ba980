package io.naru.store;

import io.naru.core.cluster.NodeName;
import java.util.Set;

/**
 * What differs between two snapshots.
 *
 * @param nodes those whose record, pinned key or notices differ
 * @param configuration whether that of the network does
 * @param services whether any service does
 */
public record Touched(Set<NodeName> nodes, boolean configuration, boolean services) {
  public Touched {
    nodes = Set.copyOf(nodes);
  }

  /** All that a snapshot has, for one that has seen none before. */
  public static Touched everythingOf(ClusterSnapshot snapshot) {
    return new Touched(snapshot.names(), true, true);
  }

  /** What differs from one snapshot to a later one. */
  public static Touched between(ClusterSnapshot before, ClusterSnapshot after) {
    return new Touched(
        before.namesThatDiffer(after),
        !after.configuration().equals(before.configuration()),
        !before.servicesThatDiffer(after).isEmpty());
  }

  /** Whether nothing does. */
  public boolean isNothing() {
    return nodes.isEmpty() && !configuration && !services;
  }
}
