package io.naru.store.service;

import io.naru.channel.Connection;
import io.naru.channel.ConnectionHandler;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.frame.Json;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.JoinToken;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.engine.EngineClusterStore;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;

/** Serves a store over connections, to this host's programs, to nodes, and to those that join. */
public final class StoreService implements HelloHandler, ConnectionHandler {
  /** A client that sends nothing for so long is gone. */
  static final Duration SILENCE = Duration.ofSeconds(60);

  private final EngineClusterStore store;
  private final Admission admission;
  private final ConnectedNodes connected = new ConnectedNodes();
  private final SharedLines lines = new SharedLines();
  private final String epoch = UUID.randomUUID().toString();

  public StoreService(EngineClusterStore store, ClusterAuthority authority, InstantSource clock) {
    this.store = store;
    this.admission = new Admission(store, authority, clock);
  }

  /** Makes a token with which nodes may join until it expires. */
  public JoinToken createToken(List<TcpAddress> servers, Duration validity) {
    return admission.createToken(servers, validity);
  }

  /** Serves a connection whose hello was not read yet. */
  @Override
  public void handle(Connection connection) {
    handle(Hello.read(connection), connection);
  }

  /** Serves a connection after its hello, until it ends. */
  @Override
  public void handle(Hello hello, Connection connection) {
    try {
      switch (hello.kind()) {
        case Hello.RELAY -> relayed(hello, connection);
        case Hello.STORE, Hello.JOIN -> serve(connection);
        default ->
            throw new NaruException(
                ErrorCode.MALFORMED, "the store does not serve '" + hello.kind() + "'");
      }
    } catch (NaruException refused) {
      connection.write(StoreMessage.refusal(refused));
    }
  }

  private void serve(Connection connection) {
    connected.opened(connection.peer());
    try {
      new StoreSession(store, admission, connected, lines, epoch, connection).run();
    } finally {
      connected.closed(connection.peer());
    }
  }

  private void relayed(Hello hello, Connection connection) {
    if (!(connection.peer() instanceof Peer.Local)) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED, "only the agent of the server's own host may relay");
    }
    RelayedPeer behind = Json.read(hello.fields(), RelayedPeer.class);
    Connection onBehalf = connection.onBehalfOf(behind.peer(), behind.from());
    Hello theirs = Hello.read(onBehalf);
    if (theirs.kind().equals(Hello.RELAY)) {
      throw new NaruException(ErrorCode.NOT_PERMITTED, "a relay behind a relay is not served");
    }
    handle(theirs, onBehalf);
  }
}
