package io.naru.store.state;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who has which block of addresses. */
final class Claims {
  private Claims() {}

  /** Another node that has a block overlapping this one. */
  static Optional<NodeName> owner(ClusterState state, Prefix block, NodeName except) {
    for (Map.Entry<NodeName, List<Prefix>> claim : state.claims().entrySet()) {
      if (!claim.getKey().equals(except)) {
        for (Prefix theirs : claim.getValue()) {
          if (theirs.overlaps(block)) {
            return Optional.of(claim.getKey());
          }
        }
      }
    }
    return Optional.empty();
  }

  static List<StateEvent> any(ClusterState state, NodeName node, List<Prefix> wanted) {
    List<Prefix> had = state.claims().getOrDefault(node, List.of());
    List<Prefix> has = new ArrayList<>(had);
    for (Prefix cluster : state.configuration().clusterCidrs()) {
      if (has.stream().noneMatch(block -> block.family() == cluster.family())) {
        has.add(chosen(state, node, cluster, wanted));
      }
    }
    return has.equals(had) ? List.of() : List.of(new StateEvent.ClaimsPut(node, has));
  }

  private static Prefix chosen(
      ClusterState state, NodeName node, Prefix cluster, List<Prefix> wanted) {
    int length = state.configuration().podCidrLength(cluster.family());
    for (Prefix wish : wanted) {
      if (cluster.contains(wish) && wish.length() == length && owner(state, wish, node).isEmpty()) {
        return wish;
      }
    }
    List<Prefix> taken = state.claims().values().stream().flatMap(List::stream).toList();
    return FreeBlocks.lowest(cluster, length, taken)
        .orElseThrow(() -> exhausted(state, node, cluster, length));
  }

  private static NaruException exhausted(
      ClusterState state, NodeName node, Prefix cluster, int length) {
    long taken =
        state.claims().values().stream()
            .flatMap(List::stream)
            .filter(block -> block.family() == cluster.family())
            .count();
    String key = cluster.family() == IpFamily.IPV4 ? "podCidrLengthIpv4" : "podCidrLengthIpv6";
    return new NaruException(
        ErrorCode.EXHAUSTED,
        "no pod CIDR is left for node "
            + node
            + ": of the "
            + cluster.parts(length)
            + " blocks of length "
            + length
            + " in "
            + cluster
            + ", "
            + taken
            + " are taken; free those of nodes that are gone with: naru node rm NAME, or make a"
            + " network with a larger clusterCidrs or a longer "
            + key);
  }

  static List<StateEvent> exactly(ClusterState state, NodeName node, List<Prefix> exact) {
    List<Prefix> has = new ArrayList<>(state.claims().getOrDefault(node, List.of()));
    boolean changed = false;
    for (Prefix block : exact) {
      if (has.contains(block)) {
        continue;
      }
      check(state, node, block, has);
      has.add(block);
      changed = true;
    }
    return changed ? List.of(new StateEvent.ClaimsPut(node, has)) : List.of();
  }

  private static void check(ClusterState state, NodeName node, Prefix block, List<Prefix> has) {
    NetworkConfiguration configuration = state.configuration();
    if (configuration.clusterCidr(block.family()).stream().noneMatch(it -> it.contains(block))) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the pod CIDR "
              + block
              + " is not inside the cluster's "
              + configuration.clusterCidrs()
              + "; choose a part of it");
    }
    owner(state, block, node)
        .ifPresent(
            owner -> {
              throw new NaruException(
                  ErrorCode.CONFLICT,
                  "the pod CIDR "
                      + block
                      + " overlaps one of node "
                      + owner
                      + "; choose another, or if that node is gone, type: naru node rm "
                      + owner);
            });
    has.stream()
        .filter(own -> own.family() == block.family())
        .findFirst()
        .ifPresent(
            own -> {
              throw new NaruException(
                  ErrorCode.CONFLICT,
                  "node "
                      + node
                      + " has the pod CIDR "
                      + own
                      + " already and cannot have "
                      + block
                      + " too; to give it another, first type: naru node rm "
                      + node);
            });
  }
}
