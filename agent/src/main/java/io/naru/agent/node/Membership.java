package io.naru.agent.node;

import io.naru.channel.TcpAddress;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.frame.Json;
import io.naru.channel.identity.CurrentIdentity;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.linux.call.Rest;
import io.naru.store.service.Connector;
import io.naru.store.service.Joining;
import io.naru.store.service.RemoteClusterStore;
import java.nio.file.Files;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A node's place in its cluster: its certificate, and the way to the store.
 *
 * @param isServerHost whether the store runs on this host, so that this agent relays to it
 */
public record Membership(CurrentIdentity identity, Connector connector, boolean isServerHost) {
  private static final Logger LOG = LoggerFactory.getLogger(Membership.class);
  private static final Duration SERVER_PATIENCE = Duration.ofSeconds(10);
  private static final Duration JOIN_PATIENCE = Duration.ofSeconds(30);
  private static final Duration JOIN_PAUSE = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(50);

  /** What stands in the file of servers on the server's own host: none are remote. */
  private static final String SERVER_IS_HERE = "[]";

  /** Joins on the first start; later it finds what was kept. */
  static Membership of(AgentOptions options) {
    PrivateFile.directory(options.stateDirectory());
    if (isServerHost(options)) {
      awaitServer(options);
      options.steps().before("remember that the server is here");
      if (!PrivateFile.read(options.servers()).equals(Optional.of(SERVER_IS_HERE))) {
        PrivateFile.write(options.servers(), SERVER_IS_HERE); // a full disk keeps no agent down
      }
      options.steps().before("join the cluster through the socket");
      NodeIdentity identity =
          Joining.joinLocally(options.serverSocket(), options.intent().name(), options.identity());
      return new Membership(
          new CurrentIdentity(identity), Connector.unix(options.serverSocket()), true);
    }
    Optional<NodeIdentity> known = NodeIdentity.load(options.identity());
    if (known.isEmpty()) {
      JoinToken token = options.token().orElseThrow(Membership::howToJoin);
      options.steps().before("remember the servers");
      PrivateFile.write(
          options.servers(),
          Json.write(token.servers().stream().map(TcpAddress::toString).toList()));
      options.steps().before("join the cluster");
      known = Optional.of(joined(token, options));
    } else if (!known.get().name().equals(options.intent().name())) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "this host has joined as "
              + known.get().name()
              + "; start it with --name "
              + known.get().name()
              + ", or run: naru clean");
    }
    CurrentIdentity current = new CurrentIdentity(known.get());
    return new Membership(current, Connector.tls(TlsDialer.of(current), servers(options)), false);
  }

  /** A server that is only starting, or busy with a whole cluster's joining, has a while. */
  private static NodeIdentity joined(JoinToken token, AgentOptions options) {
    long end = System.nanoTime() + JOIN_PATIENCE.toNanos();
    while (true) {
      try {
        return Joining.join(token, options.intent().name(), options.identity());
      } catch (NaruException failed) {
        if (failed.code() != ErrorCode.UNAVAILABLE || System.nanoTime() - end > 0) {
          throw failed;
        }
        LOG.warn("not joined yet, trying again: {}", failed.sentence());
      }
      Rest.of(JOIN_PAUSE, "joining was given up");
    }
  }

  /**
   * How to ask the store without becoming a member; empty where it would have to join first.
   *
   * @throws NaruException BAD_INPUT if this host can neither ask nor join
   */
  static Optional<Connector> wayToTheStore(AgentOptions options) {
    if (isServerHost(options)) {
      return Optional.of(Connector.unix(options.serverSocket()));
    }
    Optional<NodeIdentity> known = NodeIdentity.load(options.identity());
    if (known.isEmpty() && options.token().isEmpty()) {
      throw howToJoin();
    }
    return known.map(identity -> Connector.tls(TlsDialer.of(identity), servers(options)));
  }

  /**
   * Whether the store is on this host: its socket is there, or was at an earlier start, or a server
   * that is only starting has made its directory.
   */
  private static boolean isServerHost(AgentOptions options) {
    return Files.exists(options.serverSocket())
        || PrivateFile.read(options.servers()).equals(Optional.of(SERVER_IS_HERE))
        || (options.token().isEmpty()
            && NodeIdentity.load(options.identity()).isEmpty()
            && Files.exists(options.stateDirectory().resolve("server")));
  }

  /** A node that has joined needs no server to start; one that joins waits for it a while. */
  private static void awaitServer(AgentOptions options) {
    boolean joined = NodeIdentity.load(options.identity()).isPresent();
    long end = System.nanoTime() + SERVER_PATIENCE.toNanos();
    while (!joined && !Files.exists(options.serverSocket()) && System.nanoTime() - end < 0) {
      if (!Rest.passes(PAUSE)) {
        return;
      }
    }
  }

  private static List<TcpAddress> servers(AgentOptions options) {
    return PrivateFile.read(options.servers())
        .map(text -> Arrays.stream(Json.read(text, String[].class)).map(TcpAddress::parse).toList())
        .or(() -> options.token().map(JoinToken::servers))
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.NOT_FOUND,
                    options.servers()
                        + " is missing: give the server's address again with a"
                        + " token, --join TOKEN"));
  }

  private static NaruException howToJoin() {
    return new NaruException(
        ErrorCode.BAD_INPUT,
        "this host belongs to no cluster yet. Join one: type 'naru token create' on the server's"
            + " host, and here 'naru agent --join TOKEN'. Or make one: start 'naru server' here"
            + " first");
  }

  /** The store, reached by that way. */
  RemoteClusterStore store() {
    return new RemoteClusterStore(connector);
  }
}
