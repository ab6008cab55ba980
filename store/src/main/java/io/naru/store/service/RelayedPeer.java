package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.Peer;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.Optional;

/**
 * The first line of a relayed connection: whom the relay authenticated.
 *
 * @param kind {@code relay}
 * @param node the authenticated name and its key's fingerprint; both absent for a stranger
 * @param from where the connection came from
 */
record RelayedPeer(
    String kind, Optional<NodeName> node, Optional<String> fingerprint, Optional<IpAddress> from) {
  static RelayedPeer of(Connection connection) {
    return switch (connection.peer()) {
      case Peer.Authenticated peer ->
          new RelayedPeer(
              "relay",
              Optional.of(peer.name()),
              Optional.of(peer.keyFingerprint()),
              connection.remoteAddress());
      case Peer.Anonymous _ ->
          new RelayedPeer("relay", Optional.empty(), Optional.empty(), connection.remoteAddress());
      case Peer.Local _ ->
          throw new NaruException(
              ErrorCode.INTERNAL, "a program of this host needs no relay to the store");
    };
  }

  Peer peer() {
    if (node.isPresent() && fingerprint.isPresent()) {
      return new Peer.Authenticated(node.get(), fingerprint.get());
    }
    return new Peer.Anonymous();
  }
}
