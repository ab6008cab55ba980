package io.naru.agent.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.probe.PeerReport;
import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.NaruException;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Agents' channels over real TLS on the loopback. */
class PeerChannelTest extends LoopbackCluster {
  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();
  private static final PeerReport REPORT =
      new PeerReport(Transport.VXLAN, List.of(7L), List.of(), false);

  private PeerChannel channel(
      NodeName self, Node peer, Optional<String> key, NodeIdentity us, List<PeerReport> heard) {
    return opened(
        new PeerChannel(self, peer, key, dialer(us), () -> 1, (name, report) -> heard.add(report)));
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
  void whatIsSentTakesTheConnectionThatSpokeLast() throws Exception {
    NodeIdentity first = identity(NODE1);
    NodeIdentity second = identity(NODE2);
    AtomicInteger heard = new AtomicInteger();
    PeerChannel toSecond =
        opened(
            new PeerChannel(
                NODE1,
                node(2, closedPort()),
                Optional.of(second.fingerprint()),
                dialer(first),
                () -> 1,
                (name, report) -> heard.incrementAndGet()));
    ChannelAcceptor acceptor = acceptor(first, (hello, connection) -> toSecond.serve(connection));
    List<Connection> connections = new ArrayList<>();
    List<AtomicInteger> arrived = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      Connection connection =
          opened(dialer(second).dial(acceptor.address(), NODE1, Optional.empty()));
      AtomicInteger count = new AtomicInteger();
      Hello.of(Hello.AGENT).send(connection);
      Thread.ofVirtual().start(() -> count(connection, count));
      connections.add(connection);
      arrived.add(count);
    }
    for (int i = 0; i < 4; i++) {
      int turn = i;
      connections.get(turn).write(new PeerMessage(List.of(REPORT)));
      await().until(() -> heard.get() == turn + 1);
      talk(toSecond);
      await().until(() -> arrived.stream().mapToInt(AtomicInteger::get).sum() == turn + 1);
      assertThat(arrived.get(turn)).hasValue(1);
    }
  }

  private static void count(Connection connection, AtomicInteger count) {
    try {
      while (connection.read(PeerMessage.class).isPresent()) {
        count.incrementAndGet();
      }
    } catch (NaruException closedByTheTest) {
      assertThat(connection.isClosed()).isTrue();
    }
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
}
