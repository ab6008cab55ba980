package io.naru.agent.channel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestCluster;
import io.naru.agent.TestEvidence;
import io.naru.agent.probe.PathBook;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeSize;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the channels carry between two agents' books. */
class PeerChannelsTest extends LoopbackCluster {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

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
              channels1.exchange();
              assertThat(reasons(book1)).contains("without a word");
            });

    channels2.update(List.of(node(1, closedPort())), keys);
    List<ProbePacket> probes =
        Stream.of(IpFamily.values()).map(PeerChannelsTest::fromNode1ToNode2).toList();
    probes.forEach(book1::sent);
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              probes.forEach(book2::delivered);
              channels1.exchange();
              channels2.exchange();
              assertThat(book1.judge(Instant.now()))
                  .anySatisfy(
                      path -> {
                        assertThat(path.path().from()).isEqualTo(NODE1);
                        assertThat(path.verdict().state()).isEqualTo(PathState.HEALTHY);
                      });
            });
  }

  private record Both(PeerChannels one, PeerChannels two) {}

  /** Node2, which knows a third node as well. */
  private Both node1DialsNode2() throws Exception {
    NodeIdentity first = identity(NODE1);
    NodeIdentity second = identity(NODE2);
    PeerChannels one = opened(new PeerChannels(NODE1, dialer(first), book(1, 2)));
    PeerChannels two = opened(new PeerChannels(NODE2, dialer(second), book(2, 1)));
    Map<NodeName, String> keys = Map.of(NODE1, first.fingerprint(), NODE2, second.fingerprint());
    ChannelAcceptor acceptor2 = acceptor(second, two::accepted);
    two.update(List.of(node(1, closedPort()), node(3, closedPort())), keys);
    one.update(List.of(node(2, acceptor2.address().port())), keys);
    return new Both(one, two);
  }

  @Test
  void whoExaminesInTheBackgroundAsksForNoMoreThanItsOwnPaths() throws Exception {
    Both both = node1DialsNode2();
    Set<Set<NodeName>> asked = ConcurrentHashMap.newKeySet();
    both.two()
        .testify(
            about -> {
              asked.add(about);
              return Optional.empty();
            });
    awaitAsked(both.one(), true, asked, Set.of(NODE1));
    assertThat(asked).hasSize(1);
    awaitAsked(both.one(), false, asked, Set.of(NODE1, new NodeName("node3")));
  }

  @Test
  void allWhoAskAPeerAtTheSameTimeHaveItsEvidence() throws Exception {
    Both both = node1DialsNode2();
    Set<Set<NodeName>> asked = ConcurrentHashMap.newKeySet();
    CountDownLatch goOn = new CountDownLatch(1);
    both.two()
        .testify(
            about -> {
              asked.add(about);
              await().until(() -> goOn.getCount() == 0);
              return Optional.of(evidence(NODE2));
            });
    awaitAsked(both.one(), false, asked, Set.of(NODE1, new NodeName("node3")));
    asked.clear();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ClusterEvidence> doctor =
          threads.submit(() -> both.one().examine(Set.of(NODE2), false, PATIENCE));
      await().until(() -> !asked.isEmpty());
      Future<ClusterEvidence> watch =
          threads.submit(() -> both.one().examine(Set.of(NODE2), true, PATIENCE));
      await().until(() -> asked.contains(Set.of(NODE1)));
      goOn.countDown();
      assertThat(doctor.get().nodes()).containsExactly(evidence(NODE2));
      assertThat(watch.get().nodes()).containsExactly(evidence(NODE2));
    }
  }

  private static NodeEvidence evidence(NodeName node) {
    return TestEvidence.of(node, List.of(), List.of());
  }

  private static void awaitAsked(
      PeerChannels channels, boolean aboutUs, Set<Set<NodeName>> asked, Set<NodeName> about) {
    await()
        .atMost(Duration.ofSeconds(20))
        .untilAsserted(
            () -> {
              channels.examine(Set.of(NODE2), aboutUs, Duration.ofMillis(300));
              assertThat(asked).contains(about);
            });
  }

  private static ProbePacket fromNode1ToNode2(IpFamily family) {
    return new ProbePacket(
        family.bits(), Transport.VXLAN, family, ProbeSize.SMALL, NODE1, NODE2, List.of());
  }

  private static String reasons(PathBook book) {
    return String.join(
        "; ", book.judge(Instant.now()).stream().map(path -> path.verdict().reason()).toList());
  }
}
