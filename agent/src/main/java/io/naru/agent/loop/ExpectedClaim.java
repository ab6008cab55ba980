package io.naru.agent.loop;

import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.store.ClusterSnapshot;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;

/** The pod CIDRs that a node without any will probably get: the lowest that no node publishes. */
public final class ExpectedClaim {
  private ExpectedClaim() {}

  /** One block for each family of the cluster that has one left. */
  public static List<Prefix> of(ClusterSnapshot snapshot) {
    List<Prefix> taken =
        snapshot.nodes().values().stream().map(Node::podCidrs).flatMap(Collection::stream).toList();
    return snapshot.configuration().clusterCidrs().stream()
        .flatMap(
            cluster ->
                lowest(cluster, snapshot.configuration().podCidrLength(cluster.family()), taken)
                    .stream())
        .toList();
  }

  private static Optional<Prefix> lowest(Prefix cluster, int length, List<Prefix> taken) {
    // So many blocks cannot all be taken by fewer nodes, unless some blocks are wider.
    return LongStream.range(0, Math.min(cluster.parts(length), 1 << 16))
        .mapToObj(index -> cluster.part(length, index))
        .filter(block -> taken.stream().noneMatch(block::overlaps))
        .findFirst();
  }
}
