package io.naru.store.service;

import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.channel.unix.UnixServer;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterStore;
import io.naru.store.embedded.EmbeddedClusterStore;
import io.naru.store.state.Command;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The store's server: authority and store in one directory of mode 0700, a socket for this host's
 * programs, and a TLS port unless an agent of this host relays from its own.
 *
 * <p>The configuration given at the first start makes the network. At a later start a different one
 * replaces the stored one if the rules of a network with nodes allow it (transport, mtu, vni,
 * vxlanPort, noMasqueradeCidrs), and reaches the nodes by their watches; otherwise the start is
 * refused with the reason. None given keeps the stored one.
 */
public final class StoreServer implements AutoCloseable {
  private final Path directory;
  private final Path socket;
  private final List<TcpAddress> listen;
  private final Optional<NetworkConfiguration> configuration;
  private final InstantSource clock;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private @Nullable EmbeddedClusterStore store;
  private @Nullable StoreService service;
  private final List<TcpAddress> addresses = new ArrayList<>();

  /** A server that is not started yet. */
  public StoreServer(
      Path directory,
      Path socket,
      List<TcpAddress> listen,
      Optional<NetworkConfiguration> configuration) {
    this(directory, socket, listen, configuration, InstantSource.system());
  }

  /** A server that is not started yet, and the clock by which it issues certificates. */
  StoreServer(
      Path directory,
      Path socket,
      List<TcpAddress> listen,
      Optional<NetworkConfiguration> configuration,
      InstantSource clock) {
    this.clock = clock;
    this.directory = directory;
    this.socket = socket;
    this.listen = List.copyOf(listen);
    this.configuration = configuration;
  }

  /** Opens the store and serves it; after a failure nothing stays open. */
  public void start() {
    try {
      PrivateFile.directory(directory);
      EmbeddedClusterStore made =
          EmbeddedClusterStore.open(
              directory, configuration.orElse(NetworkConfiguration.defaults()));
      store = made;
      opened.addFirst(made);
      PrivateFile.removeDrafts(directory); // the directory is ours: the open store is locked
      configuration.ifPresent(wanted -> made.execute(new Command.ChangeConfiguration(wanted)));
      ClusterAuthority authority = authority(made.state().authority().isPresent());
      made.execute(new Command.BindAuthority(authority.fingerprint()));
      StoreService serving = new StoreService(made, authority, clock);
      service = serving;
      opened.addFirst(UnixServer.start(socket, serving));
      ServingIdentity identity = new ServingIdentity(authority, clock);
      for (TcpAddress wanted : listen) {
        ChannelAcceptor acceptor =
            ChannelAcceptor.start(
                wanted, identity, Map.of(Hello.STORE, serving, Hello.JOIN, serving));
        opened.addFirst(acceptor);
        addresses.add(acceptor.address());
      }
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private ClusterAuthority authority(boolean hadOne) {
    if (hadOne) {
      return ClusterAuthority.load(directory, clock)
          .orElseThrow(
              () ->
                  new NaruException(
                      ErrorCode.NOT_FOUND,
                      "the authority's key is missing from "
                          + directory
                          + " although nodes may have joined under it; restore the directory as a"
                          + " whole from a backup"));
    }
    return ClusterAuthority.loadOrCreate(directory, clock);
  }

  /** Where it listens for TLS, with the ports that the kernel chose for 0. */
  public List<TcpAddress> addresses() {
    return List.copyOf(addresses);
  }

  /** The store, for this program itself. */
  public ClusterStore store() {
    EmbeddedClusterStore open = store;
    if (open == null) {
      throw new NaruException(ErrorCode.INTERNAL, "the server is not started");
    }
    return open;
  }

  /** Makes a token with which nodes may join at those addresses until it expires. */
  public JoinToken createToken(List<TcpAddress> servers, Duration validity) {
    StoreService serving = service;
    if (serving == null) {
      throw new NaruException(ErrorCode.INTERNAL, "the server is not started");
    }
    return serving.createToken(servers, validity);
  }

  /** Stops serving, then closes the store. */
  @Override
  public void close() {
    for (AutoCloseable part : opened) {
      switch (part) {
        case ChannelAcceptor acceptor -> acceptor.close();
        case UnixServer server -> server.close();
        case EmbeddedClusterStore made -> made.close();
        default -> throw new NaruException(ErrorCode.INTERNAL, "an unknown part of the server");
      }
    }
    opened.clear();
  }
}
