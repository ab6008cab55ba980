package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.frame.Json;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.identity.PendingIdentity;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** How a host becomes a node of a cluster. */
public final class Joining {
  private static final Duration LIMIT = Duration.ofSeconds(10);

  private Joining() {}

  /**
   * Joins over the network with a token, at the first of its servers that answers. A host that has
   * joined already keeps its identity. The key is saved before it is sent, so a try whose answer
   * was lost may be repeated.
   *
   * @param directory where the identity is kept, mode 0700
   * @throws NaruException UNAVAILABLE if no server answers, NOT_AUTHENTICATED if the token or the
   *     server is not to be trusted, CONFLICT if another key has that name
   */
  public static NodeIdentity join(JoinToken token, NodeName name, Path directory) {
    Optional<NodeIdentity> member = member(name, directory);
    if (member.isPresent()) {
      return member.get();
    }
    PendingIdentity pending = PendingIdentity.in(directory, name);
    TlsDialer dialer = TlsDialer.toJoin(token.authority());
    Connection connection =
        Connector.firstThatAnswers(
            token.servers(),
            server -> dialer.dial(server, ClusterAuthority.SERVER, Optional.empty()));
    return completed(
        connection, pending, name, Optional.of(token.id()), Optional.of(token.secret()));
  }

  /** Joins on the server's own host, through its socket; the node may then relay to the store. */
  public static NodeIdentity joinLocally(Path socket, NodeName name, Path directory) {
    Optional<NodeIdentity> member = member(name, directory);
    if (member.isPresent()) {
      return member.get();
    }
    PendingIdentity pending = PendingIdentity.in(directory, name);
    return completed(
        Connector.unix(socket).connect(), pending, name, Optional.empty(), Optional.empty());
  }

  private static Optional<NodeIdentity> member(NodeName name, Path directory) {
    Optional<NodeIdentity> saved = NodeIdentity.load(directory);
    if (saved.isPresent() && !saved.get().name().equals(name)) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "this host has joined as "
              + saved.get().name()
              + "; to join as "
              + name
              + ", first remove "
              + directory);
    }
    return saved;
  }

  private static NodeIdentity completed(
      Connection connection,
      PendingIdentity pending,
      NodeName name,
      Optional<String> tokenId,
      Optional<String> secret) {
    try (StoreClientSession session = StoreClientSession.open(connection, Hello.JOIN, LIMIT)) {
      var answer =
          session.send(
              new StoreRequest.Join(name, StoreRequest.text(pending.request()), tokenId, secret));
      Thread.ofVirtual().name("naru-join").start(() -> readQuietly(session));
      return pending.complete(
          Arrays.asList(Json.read(StoreClientSession.await(answer, LIMIT), byte[][].class)));
    } catch (java.util.concurrent.CancellationException e) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "the connection ended before the store answered; try again, it does no harm",
          e);
    }
  }

  private static void readQuietly(StoreClientSession session) {
    try {
      session.read(message -> {});
    } catch (NaruException ended) {
      // Who waits for the answer learns it by its future.
      session.close();
    }
  }

  /** Certificates as the store answers them. */
  static List<X509Certificate> certificates(JsonNode chain) {
    return PendingIdentity.certificates(List.of(Json.read(chain, byte[][].class)));
  }
}
