package io.naru.store.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.NaruException;
import io.naru.store.Sample;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** A server in a directory of its own, and clients of it, all closed after each test. */
abstract class StoreServerFixture {
  static final Duration HOUR = Duration.ofHours(1);

  @TempDir Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  <T extends AutoCloseable> T opened(T closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  Path socket() {
    return directory.resolve("s.sock");
  }

  StoreServer server(Optional<String> listen, NetworkConfiguration configuration) {
    StoreServer server =
        opened(
            new StoreServer(
                directory.resolve("data"),
                socket(),
                listen.map(TcpAddress::parse).stream().toList(),
                Optional.of(configuration)));
    server.start();
    return server;
  }

  StoreServer listening() {
    return server(Optional.of("127.0.0.1:0"), Sample.dualStack());
  }

  NodeIdentity join(JoinToken token, int node, String where) {
    return Joining.join(token, Sample.name(node), directory.resolve(where));
  }

  RemoteClusterStore remote(NodeIdentity identity, TcpAddress... servers) {
    return opened(
        new RemoteClusterStore(
            Connector.tls(TlsDialer.of(identity), List.of(servers)), Duration.ofSeconds(20)));
  }

  RemoteClusterStore local() {
    return opened(new RemoteClusterStore(Connector.unix(socket()), Duration.ofSeconds(20)));
  }

  static NaruException refusal(ThrowingCallable attempt) {
    NaruException refused = catchThrowableOfType(NaruException.class, attempt);
    assertThat(refused).isNotNull();
    return refused;
  }
}
