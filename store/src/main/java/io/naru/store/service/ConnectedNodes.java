package io.naru.store.service;

import io.naru.channel.Peer;
import io.naru.core.cluster.NodeName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes whose agents are connected to the store now, as far as they proved who they are. */
final class ConnectedNodes {
  private final Map<NodeName, Integer> connections = new ConcurrentHashMap<>();

  void opened(Peer peer) {
    if (peer instanceof Peer.Authenticated node) {
      connections.merge(node.name(), 1, Integer::sum);
    }
  }

  void closed(Peer peer) {
    if (peer instanceof Peer.Authenticated node) {
      connections.computeIfPresent(node.name(), (name, count) -> count == 1 ? null : count - 1);
    }
  }

  boolean has(NodeName node) {
    return connections.containsKey(node);
  }
}
