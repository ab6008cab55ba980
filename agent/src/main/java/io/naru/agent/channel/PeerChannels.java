package io.naru.agent.channel;

import io.naru.agent.probe.PathBook;
import io.naru.agent.probe.PeerReport;
import io.naru.agent.probe.ReportExchange;
import io.naru.api.trace.TraceAgent;
import io.naru.api.trace.TraceCall;
import io.naru.api.trace.TraceReply;
import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.Peer;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Function;

/** The channels to all peers; tells the book of paths which are open and what comes in. */
public final class PeerChannels implements ReportExchange, AutoCloseable {
  /** An agent that has nothing to tell a peer lets it know so often that it lives. */
  private static final long LIFE_SIGN_NANOS = 500_000_000L;

  /** In a larger cluster less often, as nearly all would say nothing else. */
  private static final long NANOS_A_PEER = 50_000_000L;

  private static final long RAREST_LIFE_SIGN = 10_000_000_000L;

  /** So long a peer's wish to know at once is followed. */
  private static final Duration EXAMINATION = Duration.ofSeconds(4);

  private record HeardPod(PodWord pod, long at) {}

  private final NodeName self;
  private final TlsDialer dialer;
  private final PathBook book;
  private final Map<NodeName, PeerChannel> channels = new ConcurrentHashMap<>();
  private final AwaitedEvidence awaited = new AwaitedEvidence();
  private final Map<NodeName, HeardPod> pods = new ConcurrentHashMap<>();
  private volatile Function<Set<NodeName>, Optional<NodeEvidence>> testimony =
      about -> Optional.empty();
  private final PeerQuestions questions = new PeerQuestions();
  private volatile Map<NodeName, String> pinnedKeys = Map.of();
  private final PeerListener listener =
      new PeerListener() {
        @Override
        public void reported(NodeName peer, PeerReport report) {
          book.reported(peer, report);
        }

        @Override
        public void hurried(NodeName peer) {
          book.hurry(EXAMINATION);
        }

        @Override
        public void offered(NodeName peer, PodWord pod) {
          pods.put(peer, new HeardPod(pod, System.nanoTime()));
        }

        @Override
        public void examined(NodeName peer, boolean aboutThem, Consumer<NodeEvidence> answer) {
          Set<NodeName> about = aboutThem ? Set.of(peer) : peers();
          Thread.ofVirtual()
              .name("naru-evidence")
              .start(() -> testimony.apply(about).ifPresent(answer));
        }

        @Override
        public void testified(NodeName peer, NodeEvidence evidence, boolean aboutUs) {
          awaited.testified(peer, evidence, aboutUs);
        }

        @Override
        public void asked(NodeName peer, PeerQuestion question, Consumer<PeerAnswer> answer) {
          questions.serve(peer, question, answer);
        }

        @Override
        public void answered(NodeName peer, PeerAnswer answer) {
          questions.answered(peer, answer);
        }
      };

  public PeerChannels(NodeName self, TlsDialer dialer, PathBook book) {
    this.self = self;
    this.dialer = dialer;
    this.book = book;
  }

  /** Opens channels to new peers and closes those of peers that are gone. */
  public synchronized void update(Collection<Node> peers, Map<NodeName, String> keys) {
    pinnedKeys = Map.copyOf(keys);
    Set<NodeName> present = new HashSet<>();
    for (Node peer : peers) {
      if (peer.kind() == NodeKind.FOREIGN) {
        continue;
      }
      present.add(peer.name());
      Optional<String> key = Optional.ofNullable(keys.get(peer.name()));
      channels
          .computeIfAbsent(
              peer.name(),
              name -> new PeerChannel(self, peer, key, dialer, channels::size, listener))
          .update(peer, key);
    }
    channels.forEach(
        (name, channel) -> {
          if (!present.contains(name)) {
            channels.remove(name);
            pods.remove(name);
            channel.close();
          }
        });
  }

  /** Serves a peer that dialed us; its certificate was checked, its key is checked here. */
  public void accepted(Hello hello, Connection connection) {
    if (!(connection.peer() instanceof Peer.Authenticated(NodeName name, String key))) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED, connection + " has no certificate of this cluster");
    }
    String pinned = pinnedKeys.get(name);
    PeerChannel channel = channels.get(name);
    if (channel == null || pinned == null || !pinned.equals(key)) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          connection + " says it is " + name + ", which the store does not know by that key");
    }
    channel.serve(connection);
  }

  /** Where there is nothing new, a sign of life is sent. */
  @Override
  public void exchange() {
    long now = System.nanoTime();
    long reporting = book.timing().reporting().toNanos();
    long lifeSign = Math.clamp(channels.size() * NANOS_A_PEER, LIFE_SIGN_NANOS, RAREST_LIFE_SIGN);
    channels.forEach(
        (name, channel) -> {
          if (channel.isDue(now, reporting * 3 / 4)) { // ticks are not exact
            channel.send(book.reportsFor(name), now, lifeSign);
          }
          book.channel(name, channel.state(now, 3 * lifeSign), channel.lastSentence());
        });
  }

  /** What this node tells peers that ask for its evidence on the paths to some. */
  public void testify(Function<Set<NodeName>, Optional<NodeEvidence>> evidence) {
    testimony = evidence;
  }

  /**
   * Asks these peers for their evidence, all at the same time.
   *
   * @param aboutUs whether each is to look only at the paths between it and this node, so that
   *     those who examine each other at the same time need not look twice
   * @param patience after so long who has not answered counts as unasked
   */
  public ClusterEvidence examine(Set<NodeName> peers, boolean aboutUs, Duration patience) {
    Map<NodeName, AwaitedEvidence.Place> asked = new TreeMap<>();
    List<String> unasked = new ArrayList<>();
    for (NodeName peer : new TreeSet<>(peers)) {
      PeerChannel channel = channels.get(peer);
      AwaitedEvidence.Place answer = awaited.await(peer, aboutUs);
      if (channel != null && channel.examine(aboutUs)) {
        asked.put(peer, answer);
      } else {
        awaited.giveUp(answer);
        String why = channel == null ? "" : channel.lastSentence();
        unasked.add(
            peer
                + " could not be asked: the channel to its agent is closed"
                + (why.isEmpty() ? "" : "; " + why));
      }
    }
    long end = System.nanoTime() + patience.toNanos();
    List<NodeEvidence> evidence = new ArrayList<>();
    asked.forEach(
        (peer, answer) -> {
          try {
            long left = Math.max(0, end - System.nanoTime());
            evidence.add(answer.evidence().get(left, TimeUnit.NANOSECONDS));
          } catch (TimeoutException | ExecutionException silent) {
            unasked.add(peer + " did not answer in time");
          } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
          }
          awaited.giveUp(answer);
        });
    return new ClusterEvidence(evidence, unasked);
  }

  /** All peers there are. */
  public Set<NodeName> peers() {
    return Set.copyOf(channels.keySet());
  }

  /** What answers peers' questions about traces. */
  public void answerBy(BiFunction<NodeName, TraceCall, TraceReply> server) {
    questions.serveBy(server);
  }

  /** The agents of all peers; one whose channel is closed says so when it is asked. */
  public List<TraceAgent> agents() {
    List<TraceAgent> agents = new ArrayList<>();
    channels.forEach(
        (name, channel) ->
            agents.add(new PeerTraceAgent(name, call -> questions.ask(name, call, channel::ask))));
    return agents;
  }

  /** A pod of the peer's that answered just now. */
  public Optional<PodWord> pod(NodeName peer) {
    return Optional.ofNullable(pods.get(peer))
        .filter(heard -> System.nanoTime() - heard.at() < 2 * EXAMINATION.toNanos())
        .map(HeardPod::pod);
  }

  /**
   * Tells these peers, where they can be told, that this node looks closely.
   *
   * @param hurry whether they are to probe often as well
   * @param pod one of this node's that they may try
   */
  public void looking(Set<NodeName> peers, boolean hurry, Optional<PodWord> pod) {
    channels.forEach(
        (name, channel) -> {
          if (peers.contains(name)) {
            channel.looking(hurry, pod);
          }
        });
  }

  @Override
  public void close() {
    channels.values().forEach(PeerChannel::close);
  }
}
