package io.naru.core.desired;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.NeighbourEntry;
import io.naru.core.state.KernelEntry.RouteEntry;
import io.naru.core.state.KernelEntry.TunnelForward;
import java.util.Optional;
import java.util.function.Predicate;

/** Which peer an entry of a kernel is for, so that a refusal can be told with the peer's name. */
public final class EntryOwner {
  private EntryOwner() {}

  /** The peer, or empty where the entry is for none, or for one that is gone. */
  public static Optional<NodeName> of(NodeView view, KernelEntry entry) {
    return switch (entry) {
      case RouteEntry route ->
          first(view, peer -> peer.podCidrs().stream().anyMatch(route.destination()::equals));
      case TunnelForward forward -> first(view, peer -> peer.vtepMac().equals(forward.mac()));
      case NeighbourEntry neighbour -> first(view, peer -> peer.vtepMac().equals(neighbour.mac()));
      case KernelEntry other -> Optional.empty();
    };
  }

  private static Optional<NodeName> first(NodeView view, Predicate<Node> isIt) {
    return view.peers().stream().filter(isIt).map(Node::name).findFirst();
  }
}
