package io.naru.store.service;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.engine.EngineClusterStore;
import io.naru.store.state.ClusterState;

/** Forgets nodes on a person's word, after a look whether that is what the person can want. */
final class Removals {
  private Removals() {}

  static void remove(
      EngineClusterStore store, ConnectedNodes connected, StoreRequest.Removal removal) {
    NodeName node = removal.node();
    if (!isKnown(store.state(), node)) {
      throw new NaruException(
          ErrorCode.NOT_FOUND, "the cluster has no node " + node + "; see: naru node list");
    }
    if (connected.has(node) && !removal.force()) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "the agent of node "
              + node
              + " is connected; to take the node out of the cluster, stop its agent and type on that"
              + " host: naru clean. To cut it off as it is: naru node rm --force "
              + node);
    }
    store.withdrawNode(node);
  }

  private static boolean isKnown(ClusterState state, NodeName node) {
    return state.nodes().containsKey(node)
        || state.claims().containsKey(node)
        || state.pinnedKeys().containsKey(node);
  }
}
