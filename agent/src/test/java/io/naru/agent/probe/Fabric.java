package io.naru.agent.probe;

import io.naru.agent.TestCluster;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.path.PathNotice;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.ProbePacket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/** Nodes' books joined by a fabric, a channel and a store that a test holds in its hands. */
final class Fabric {
  private static final long TICK = Duration.ofMillis(50).toNanos();
  private static final int TICKS_AN_EXCHANGE = 5;

  /** What a node sees of the agents' channel to another. */
  @FunctionalInterface
  interface Channels {
    ChannelState state(String at, String peer);
  }

  private final Random random = new Random(20260101);
  private final Map<String, PathBook> running = new TreeMap<>();
  private final Map<String, List<JudgedPath>> judged = new HashMap<>();
  private final Map<String, List<PathNotice>> store = new HashMap<>();
  private long now = 1_000_000_000_000L;
  private final Map<String, List<NodeName>> peersOf = new HashMap<>();
  private long ticks;
  LossGenerator loss = LossGenerator.NONE;
  Duration wallClockIsOff = Duration.ZERO;
  Channels channels = (at, peer) -> ChannelState.OPEN;

  /** Starts a node's agent, or tells it of other peers. */
  void agent(int number, int... peers) {
    List<Node> others = new ArrayList<>();
    for (int peer : peers) {
      others.add(TestCluster.node(peer, peer));
    }
    peersOf.put("node" + number, others.stream().map(Node::name).toList());
    running
        .computeIfAbsent("node" + number, name -> new PathBook(() -> now, random::nextLong))
        .update(TestCluster.view(TransportPolicy.VXLAN, TestCluster.node(number, number), others));
  }

  /** Ends a node's agent; what it told the store stays there. */
  void end(int number) {
    running.remove("node" + number);
    judged.remove("node" + number);
  }

  PathBook book(int number) {
    return running.get("node" + number);
  }

  Instant wallClock() {
    return Instant.EPOCH.plusNanos(now).plus(wallClockIsOff);
  }

  void run(Duration duration) {
    for (long end = now + duration.toNanos(); now < end; now += TICK) {
      running.forEach(this::probe);
      if (ticks++ % TICKS_AN_EXCHANGE == 0) {
        running.forEach((name, book) -> judged.put(name, book.judge(wallClock())));
        running.forEach(this::exchange);
      }
    }
  }

  private void probe(String name, PathBook book) {
    for (OutgoingProbe probe : book.due()) {
      ProbePacket packet = probe.packet();
      book.sent(packet);
      tap(book, packet);
      PathBook receiver = running.get(packet.to().text());
      if (!loss.loses(packet) && receiver != null) {
        tap(receiver, packet);
        receiver.delivered(packet);
      }
    }
  }

  private void tap(PathBook book, ProbePacket packet) {
    if (book.isInDoubt()) {
      book.tapped(packet, false);
      book.tapped(packet, true);
    }
  }

  private void exchange(String name, PathBook book) {
    peersOf
        .get(name)
        .forEach(
            peer -> {
              book.watching(book.isInDoubt());
              List<PeerReport> reports = book.reportsFor(peer);
              PathBook other = running.get(peer.text());
              if (other != null && channels.state(peer.text(), name) == ChannelState.OPEN) {
                reports.forEach(report -> other.reported(new NodeName(name), report));
              }
              ChannelState state = channels.state(name, peer.text());
              book.channel(peer, state, state == ChannelState.OPEN ? "" : "closed by the test");
            });
    store.put(name, book.wantedNotices().stream().map(n -> n.renewedAt(wallClock())).toList());
    book.notices(store.values().stream().flatMap(List::stream).toList());
  }

  /** What a node says of the path between two. */
  JudgedPath at(int observer, int from, int to) {
    return judged.get("node" + observer).stream()
        .filter(path -> path.path().from().text().equals("node" + from))
        .filter(path -> path.path().to().text().equals("node" + to))
        .filter(path -> path.path().transport() == Transport.VXLAN)
        .findFirst()
        .orElseThrow();
  }

  List<JudgedPath> at(int observer) {
    return judged.get("node" + observer);
  }
}
