package io.naru.agent.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.agent.probe.PathBook;
import io.naru.agent.probe.PeerReport;
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
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeSize;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Agents' channels over real TLS on the loopback. */
class PeerChannelTest {
  private static final IpAddress LOOPBACK = IpAddress.parse("127.0.0.1");
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final PeerReport REPORT =
      new PeerReport(Transport.VXLAN, List.of(7L), List.of(), false);

  private final ClusterAuthority authority = ClusterAuthority.create(InstantSource.system());
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open.reversed()) {
      closeable.close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.add(closeable);
    return closeable;
  }

  private NodeIdentity identity(NodeName name) throws Exception {
    PendingIdentity pending = PendingIdentity.in(directory.resolve(name + "-" + open.size()), name);
    opened(() -> {});
    List<byte[]> chain = new ArrayList<>();
    for (X509Certificate certificate : authority.issue(pending.request(), name, false)) {
      chain.add(certificate.getEncoded());
    }
    return pending.complete(chain);
  }

  private static TlsDialer dialer(NodeIdentity identity) {
    return TlsDialer.of(identity, Duration.ofMillis(500), Duration.ofSeconds(3));
  }

  private ChannelAcceptor acceptor(NodeIdentity identity, HelloHandler handler) {
    return opened(
        ChannelAcceptor.start(
            TcpAddress.parse("127.0.0.1:0"), identity, Map.of(Hello.AGENT, handler)));
  }

  private static Node node(int number, int port) {
    return TestCluster.at(LOOPBACK, port, TestCluster.node(number, number));
  }

  private static int closedPort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private PeerChannel channel(
      NodeName self, Node peer, Optional<String> key, NodeIdentity us, List<PeerReport> heard) {
    return opened(
        new PeerChannel(self, peer, key, dialer(us), (name, report) -> heard.add(report)));
  }

  private static void awaitState(PeerChannel channel, ChannelState state) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () ->
                assertThat(channel.state(System.nanoTime(), PATIENCE))
                    .as(channel.lastSentence())
                    .isEqualTo(state));
  }

  private static void talk(PeerChannel channel) {
    channel.send(List.of(REPORT), System.nanoTime(), 1);
  }

  @Test
  void reportsGoAcrossInBothDirections() throws Exception {
    NodeIdentity first = identity(NODE1);
    NodeIdentity second = identity(NODE2);
    List<PeerReport> heardByFirst = new CopyOnWriteArrayList<>();
    List<PeerReport> heardBySecond = new CopyOnWriteArrayList<>();
    PeerChannel toFirst =
        channel(
            NODE2, node(1, closedPort()), Optional.of(first.fingerprint()), second, heardBySecond);
    ChannelAcceptor acceptor = acceptor(second, (hello, connection) -> toFirst.serve(connection));
    PeerChannel toSecond =
        channel(
            NODE1,
            node(2, acceptor.address().port()),
            Optional.of(second.fingerprint()),
            first,
            heardByFirst);
    await()
        .untilAsserted(
            () -> {
              talk(toFirst);
              talk(toSecond);
              assertThat(heardByFirst).contains(REPORT);
              assertThat(heardBySecond).contains(REPORT);
            });
    awaitState(toFirst, ChannelState.OPEN);
    awaitState(toSecond, ChannelState.OPEN);
    assertThat(toSecond.lastSentence()).isEmpty();
  }

  @Test
  void whoDoesNotHoldThePinnedKeyIsNotAuthenticated() throws Exception {
    NodeIdentity impostor = identity(NODE2);
    ChannelAcceptor acceptor = acceptor(impostor, (hello, connection) -> {});
    PeerChannel channel =
        channel(
            NODE1,
            node(2, acceptor.address().port()),
            Optional.of(identity(NODE2).fingerprint()),
            identity(NODE1),
            new ArrayList<>());
    awaitState(channel, ChannelState.NOT_AUTHENTICATED);
    assertThat(channel.lastSentence()).contains("naru node rm node2");
  }

  @Test
  void aPeerThatHangsUpWithoutAWordIsNeverCalledOpen() throws Exception {
    NodeIdentity second = identity(NODE2);
    ChannelAcceptor acceptor = acceptor(second, (hello, connection) -> connection.close());
    PeerChannel channel =
        channel(
            NODE1,
            node(2, acceptor.address().port()),
            Optional.of(second.fingerprint()),
            identity(NODE1),
            new ArrayList<>());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              ChannelState state = channel.state(System.nanoTime(), PATIENCE);
              assertThat(state).isNotEqualTo(ChannelState.OPEN);
              assertThat(state).isEqualTo(ChannelState.NOT_AUTHENTICATED);
            });
    assertThat(channel.lastSentence()).contains("without a word");
  }

  @Test
  void aHostWithoutAnAgentRefuses() throws Exception {
    PeerChannel channel =
        channel(NODE1, node(2, closedPort()), Optional.empty(), identity(NODE1), new ArrayList<>());
    awaitState(channel, ChannelState.REFUSED);
    assertThat(channel.lastSentence()).contains("refused the connection");
  }

  @Test
  void aHostThatDropsPacketsIsSilent() throws Exception {
    ServerSocket full = opened(new ServerSocket(0, 1, InetAddress.getLoopbackAddress()));
    fill(full);
    PeerChannel channel =
        channel(
            NODE1,
            node(2, full.getLocalPort()),
            Optional.empty(),
            identity(NODE1),
            new ArrayList<>());
    awaitState(channel, ChannelState.SILENT);
    assertThat(channel.lastSentence()).contains("did not answer");
  }

  /** With its queue full, a listening socket drops what comes, as a firewall does. */
  private void fill(ServerSocket socket) throws IOException {
    for (int i = 0; i < 64; i++) {
      Socket waiting = opened(new Socket());
      try {
        waiting.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort()), 300);
      } catch (SocketTimeoutException itIsFull) {
        return;
      }
    }
    throw new AssertionError("the queue took 64 connections");
  }

  @Test
  void anAgentThatEndsAfterATalkIsRefused() throws Exception {
    NodeIdentity second = identity(NODE2);
    ChannelAcceptor acceptor =
        acceptor(
            second,
            (hello, connection) -> {
              connection.write(new PeerMessage(List.of(REPORT)));
              assertThat(connection.lines().readLine()).isPresent();
            });
    List<PeerReport> heard = new CopyOnWriteArrayList<>();
    PeerChannel channel =
        channel(
            NODE1,
            node(2, acceptor.address().port()),
            Optional.of(second.fingerprint()),
            identity(NODE1),
            heard);
    awaitState(channel, ChannelState.OPEN);
    acceptor.close();
    talk(channel);
    awaitState(channel, ChannelState.REFUSED);
  }

  @Test
  void theSecondDialsWhenTheFirstCannot() throws Exception {
    NodeIdentity first = identity(NODE1);
    NodeIdentity second = identity(NODE2);
    PeerChannel toSecond =
        channel(
            NODE1,
            node(2, closedPort()),
            Optional.of(second.fingerprint()),
            first,
            new ArrayList<>());
    awaitState(toSecond, ChannelState.REFUSED);
    ChannelAcceptor acceptor = acceptor(first, (hello, connection) -> toSecond.serve(connection));
    PeerChannel toFirst =
        channel(
            NODE2,
            node(1, acceptor.address().port()),
            Optional.of(first.fingerprint()),
            second,
            new ArrayList<>());
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              talk(toFirst);
              talk(toSecond);
              assertThat(toSecond.state(System.nanoTime(), PATIENCE)).isEqualTo(ChannelState.OPEN);
              assertThat(toFirst.state(System.nanoTime(), PATIENCE)).isEqualTo(ChannelState.OPEN);
            });
  }

  private static PathBook book(int self, int peer) {
    AtomicLong id = new AtomicLong();
    PathBook book = new PathBook(System::nanoTime, id::incrementAndGet);
    book.update(
        TestCluster.view(
            TransportPolicy.VXLAN,
            TestCluster.node(self, self),
            List.of(TestCluster.node(peer, peer))));
    return book;
  }

  @Test
  void aBooksReportReachesThePeersBookAndAnUnknownKeyIsTurnedAway() throws Exception {
    NodeIdentity first = identity(NODE1);
    NodeIdentity second = identity(NODE2);
    PathBook book1 = book(1, 2);
    PathBook book2 = book(2, 1);
    PeerChannels channels1 = opened(new PeerChannels(NODE1, dialer(first), book1));
    PeerChannels channels2 = opened(new PeerChannels(NODE2, dialer(second), book2));
    Map<NodeName, String> keys = Map.of(NODE1, first.fingerprint(), NODE2, second.fingerprint());
    Map<NodeName, String> another = Map.of(NODE1, "another", NODE2, second.fingerprint());
    ChannelAcceptor acceptor2 = acceptor(second, channels2::accepted);
    channels2.update(List.of(node(1, closedPort())), another);
    channels1.update(List.of(node(2, acceptor2.address().port())), keys);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              channels1.exchange(false);
              assertThat(reasons(book1)).contains("without a word");
            });

    channels2.update(List.of(node(1, closedPort())), keys);
    ProbePacket probe =
        new ProbePacket(41, Transport.VXLAN, ProbeSize.SMALL, NODE1, NODE2, List.of());
    book1.sent(probe);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              book2.delivered(probe);
              channels1.exchange(false);
              channels2.exchange(false);
              assertThat(book1.judge(Instant.now()))
                  .anySatisfy(
                      path -> {
                        assertThat(path.path().from()).isEqualTo(NODE1);
                        assertThat(path.verdict().state()).isEqualTo(PathState.HEALTHY);
                      });
            });
  }

  private static String reasons(PathBook book) {
    return String.join(
        "; ", book.judge(Instant.now()).stream().map(path -> path.verdict().reason()).toList());
  }
}
