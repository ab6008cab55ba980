package io.naru.agent.channel;

import io.naru.agent.TestCluster;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.identity.PendingIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.io.TempDir;

/** Identities of one cluster and listeners on the loopback, closed after each test. */
abstract class LoopbackCluster {
  static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
  static final NodeName NODE1 = new NodeName("node1");
  static final NodeName NODE2 = new NodeName("node2");

  private final ClusterAuthority authority = ClusterAuthority.create(InstantSource.system());
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  NodeIdentity identity(NodeName name) throws Exception {
    PendingIdentity pending = PendingIdentity.in(directory.resolve(name + "-" + open.size()), name);
    opened(() -> {});
    List<byte[]> chain = new ArrayList<>();
    for (X509Certificate certificate : authority.issue(pending.request(), name, false)) {
      chain.add(certificate.getEncoded());
    }
    return pending.complete(chain);
  }

  static TlsDialer dialer(NodeIdentity identity) {
    return TlsDialer.of(identity, Duration.ofMillis(500), Duration.ofSeconds(3));
  }

  ChannelAcceptor acceptor(NodeIdentity identity, HelloHandler handler) {
    return opened(
        ChannelAcceptor.start(
            TcpAddress.parse("127.0.0.1:0"), identity, Map.of(Hello.AGENT, handler)));
  }

  static Node node(int number, int port) {
    return TestCluster.at(LOOPBACK, port, TestCluster.node(number, number));
  }

  static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
