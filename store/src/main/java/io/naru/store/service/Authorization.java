package io.naru.store.service;

import io.naru.channel.Peer;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Map;
import java.util.Optional;

/** Who may ask for what: a node for its own affairs, the server's own host for everything. */
final class Authorization {
  private Authorization() {}

  /** NOT_AUTHENTICATED unless the peer's key is the one that joined under its name. */
  static void requireMember(Peer peer, Map<NodeName, String> pinnedKeys) {
    if (peer instanceof Peer.Authenticated node
        && !node.keyFingerprint().equals(pinnedKeys.get(node.name()))) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          pinnedKeys.containsKey(node.name())
              ? "another key joined as node "
                  + node.name()
                  + "; if this is the right one, type on the server: naru node rm "
                  + node.name()
                  + ", and join again"
              : "node "
                  + node.name()
                  + " was removed from the cluster; to bring it back, join again with: naru agent --join"
                  + " TOKEN");
    }
  }

  /** NOT_PERMITTED unless the peer may ask for this. */
  static void requireRight(Peer peer, StoreRequest request) {
    boolean allowed =
        switch (peer) {
          case Peer.Local _ -> true;
          case Peer.Anonymous _ -> request instanceof StoreRequest.Join;
          case Peer.Authenticated node ->
              switch (request) {
                case StoreRequest.Ping _,
                    StoreRequest.Configuration _,
                    StoreRequest.Snapshot _,
                    StoreRequest.Watch _,
                    StoreRequest.Renewal _,
                    StoreRequest.Join _ ->
                    true;
                // Who registers or removes others speaks for the cluster, as no node may.
                case StoreRequest.Token _,
                    StoreRequest.Registration _,
                    StoreRequest.ServicesPut _,
                    StoreRequest.ServicesRemoval _,
                    StoreRequest.Removal _ ->
                    false;
                default -> about(request).filter(node.name()::equals).isPresent();
              };
        };
    if (!allowed) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED,
          peer
              + " may not do this"
              + about(request).map(name -> " for node " + name).orElse("")
              + "; do it on the host where the store's server runs");
    }
  }

  /** The node in whose name a request is made. */
  private static Optional<NodeName> about(StoreRequest request) {
    return switch (request) {
      case StoreRequest.Claim claim -> Optional.of(claim.node());
      case StoreRequest.Publish publish -> Optional.of(publish.node().name());
      case StoreRequest.Withdraw withdraw -> Optional.of(withdraw.node());
      case StoreRequest.Removal removal -> Optional.of(removal.node());
      case StoreRequest.Notice notice -> Optional.of(notice.notice().observer());
      case StoreRequest.NoticeWithdrawal withdrawal -> Optional.of(withdrawal.observer());
      case StoreRequest.Join join -> Optional.of(join.node());
      case StoreRequest.Ping _,
          StoreRequest.Configuration _,
          StoreRequest.Snapshot _,
          StoreRequest.Watch _,
          StoreRequest.Token _,
          StoreRequest.Registration _,
          StoreRequest.ServicesPut _,
          StoreRequest.ServicesRemoval _,
          StoreRequest.Renewal _ ->
          Optional.empty();
    };
  }
}
