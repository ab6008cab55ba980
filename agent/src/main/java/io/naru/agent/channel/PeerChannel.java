package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ChannelState;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The channel to one peer: whichever connections stand between the two agents. The agent whose name
 * comes first dials; the other one dials too when that has not helped for a while, because a
 * firewall may let TCP pass in one direction only.
 */
final class PeerChannel implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerChannel.class);

  /** A connection on which nothing came for so long is given up, and dialed anew. */
  private static final Duration SHORTEST_READ_TIMEOUT = Duration.ofSeconds(5);

  private static final Duration PATIENCE_OF_SECOND_DIALER = Duration.ofSeconds(2);

  /** A host that is busy with many peers' handshakes gets to each of them later. */
  private static final Duration PATIENCE_A_PEER = Duration.ofMillis(100);

  private static final Duration PAUSE = Duration.ofMillis(700);

  /** So few peers are dialed at once. */
  private static final int FEW = 8;

  /** More peers than these call for no more patience. */
  private static final int MANY = 60;

  private static final Duration SPREAD_A_PEER = Duration.ofSeconds(1);

  private final NodeName self;
  private final TlsDialer dialer;
  private final IntSupplier peers;
  private final PeerListener listener;
  private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
  private final Thread thread;
  private volatile Node peer;
  private volatile Optional<String> pinnedKey;
  private volatile ChannelState lastAttempt = ChannelState.UNTRIED;
  private volatile String lastSentence = "";
  private volatile boolean heard;
  private volatile Optional<Connection> heardOn = Optional.empty();
  private volatile long lastHeard;
  private volatile long lastConnected;
  private volatile long lastSent = System.nanoTime();
  private volatile long lastDue = System.nanoTime();
  private volatile Duration readTimeout = SHORTEST_READ_TIMEOUT;
  private volatile boolean closed;

  PeerChannel(
      NodeName self,
      Node peer,
      Optional<String> pinnedKey,
      TlsDialer dialer,
      IntSupplier peers,
      PeerListener listener) {
    this.self = self;
    this.peer = peer;
    this.pinnedKey = pinnedKey;
    this.dialer = dialer;
    this.peers = peers;
    this.listener = listener;
    this.thread = Thread.ofVirtual().name("naru-dial-" + peer.name()).start(this::keepDialing);
  }

  void update(Node newPeer, Optional<String> newKey) {
    if (!newKey.equals(pinnedKey)) {
      connections.forEach(Connection::close);
    }
    peer = newPeer;
    pinnedKey = newKey;
  }

  /**
   * Whether the peer can be asked now.
   *
   * @param patience after so many nanoseconds without a word an open connection is silent
   */
  ChannelState state(long now, long patience) {
    if (connections.isEmpty()) {
      return lastAttempt;
    }
    if (heard && now - lastHeard < patience) {
      return ChannelState.OPEN;
    }
    // A connection alone proves nothing: the peer may yet refuse us. It has a while to speak.
    return now - lastConnected < patience ? lastAttempt : ChannelState.SILENT;
  }

  /** Why the channel is not open, as the last attempt put it. */
  String lastSentence() {
    return lastSentence;
  }

  /** Whether so many nanoseconds have passed since this last said yes. */
  boolean isDue(long now, long pace) {
    if (now - lastDue < pace) {
      return false;
    }
    lastDue = now;
    return true;
  }

  /** Asks the peer to examine its paths as well, and names a pod that it may try. */
  void looking(boolean hurry, Optional<PodWord> pod) {
    write(PeerMessage.looking(hurry, pod), System.nanoTime());
  }

  /**
   * Asks the peer for its evidence; false where no connection stands.
   *
   * @param aboutUs whether the paths between the two are all that matters
   */
  boolean examine(boolean aboutUs) {
    return write(PeerMessage.examine(aboutUs), System.nanoTime());
  }

  /** Asks the peer something; false where no connection stands. */
  boolean ask(PeerQuestion question) {
    return write(PeerMessage.of(question), System.nanoTime());
  }

  /** Sends reports, or a sign of life where the last line is older than so many nanoseconds. */
  void send(List<PeerReport> reports, long now, long lifeSign) {
    Duration patience = Duration.ofNanos(6 * lifeSign);
    readTimeout = patience.compareTo(SHORTEST_READ_TIMEOUT) > 0 ? patience : SHORTEST_READ_TIMEOUT;
    if (reports.isEmpty() && now - lastSent < lifeSign) {
      return;
    }
    write(new PeerMessage(reports), now);
  }

  private boolean write(PeerMessage message, long now) {
    for (Connection connection : bestFirst()) {
      try {
        connection.write(message);
        lastSent = now;
        return true;
      } catch (NaruException broken) {
        connection.close();
      }
    }
    return false;
  }

  /** A connection may be dead for long before TCP says so: the one that spoke last lives. */
  private List<Connection> bestFirst() {
    Optional<Connection> best = heardOn;
    return connections.stream()
        .sorted(Comparator.comparing(connection -> !best.equals(Optional.of(connection))))
        .toList();
  }

  /** Serves a connection, dialed or accepted, until it ends. */
  void serve(Connection connection) {
    connections.add(connection);
    lastConnected = System.nanoTime();
    boolean spoke = false;
    try {
      connection.readTimeout(readTimeout);
      while (true) {
        Optional<PeerMessage> message = connection.read(PeerMessage.class);
        if (message.isEmpty()) {
          ended(spoke);
          return;
        }
        spoke = true;
        lastHeard = System.nanoTime();
        heard = true;
        heardOn = Optional.of(connection);
        lastSentence = "";
        hear(message.get());
      }
    } catch (NaruException broken) {
      lastAttempt = ChannelState.SILENT;
      lastSentence = broken.sentence();
    } finally {
      connections.remove(connection);
      connection.close();
    }
  }

  private void hear(PeerMessage message) {
    NodeName name = peer.name();
    message.reports().forEach(report -> listener.reported(name, report));
    if (message.hurry()) {
      listener.hurried(name);
    }
    message.pod().ifPresent(pod -> listener.offered(name, pod));
    if (message.examine()) {
      boolean narrow = message.aboutUs();
      listener.examined(
          name, narrow, seen -> write(PeerMessage.of(seen, narrow), System.nanoTime()));
    }
    message.evidence().ifPresent(found -> listener.testified(name, found, message.aboutUs()));
    message
        .question()
        .ifPresent(
            question ->
                listener.asked(
                    name, question, answer -> write(PeerMessage.of(answer), System.nanoTime())));
    message.answer().ifPresent(answer -> listener.answered(name, answer));
  }

  /** The peer closed a connection: in the midst of a talk when it ends, at once if we displease. */
  private void ended(boolean spoke) {
    lastAttempt = spoke ? ChannelState.REFUSED : ChannelState.NOT_AUTHENTICATED;
    lastSentence =
        spoke
            ? peer.name() + "'s agent closed the connection"
            : peer.name()
                + "'s agent closed the connection without a word: it may know "
                + self
                + " by another key, or not yet; its log says which";
  }

  private void keepDialing() {
    boolean first = self.compareTo(peer.name()) < 0;
    try {
      // In a large cluster not all at once: probes prove the paths meanwhile, by the opposite ones.
      int many = Math.min(peers.getAsInt(), MANY);
      if (many > FEW) {
        Thread.sleep(ThreadLocalRandom.current().nextLong(many * SPREAD_A_PEER.toMillis()));
      }
      Duration pause = PAUSE;
      while (!closed) {
        if (!first) {
          Thread.sleep(
              PATIENCE_OF_SECOND_DIALER.plus(
                  PATIENCE_A_PEER.multipliedBy(Math.min(peers.getAsInt(), MANY))));
        }
        pause = connections.isEmpty() && !dial() ? longer(pause) : PAUSE;
        Thread.sleep(pause);
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** The more peers call for an answer, the longer each one that gave none is left alone. */
  private Duration longer(Duration pause) {
    Duration longest = PATIENCE_A_PEER.multipliedBy(2L * Math.min(peers.getAsInt(), MANY));
    Duration twice = pause.multipliedBy(2);
    Duration next = twice.compareTo(longest) < 0 ? twice : longest;
    return next.compareTo(PAUSE) < 0 ? PAUSE : next;
  }

  /** Whether there was a connection; returns when it has ended. */
  private boolean dial() {
    Optional<NaruException> failure = Optional.empty();
    for (var address : peer.publicAddresses()) {
      try (Connection connection =
          dialer.dial(new TcpAddress(address, peer.agentPort()), peer.name(), pinnedKey)) {
        Hello.of(Hello.AGENT).send(connection);
        serve(connection);
        return true;
      } catch (NaruException refused) {
        failure = Optional.of(refused);
        // A refusal says more than a later address of another family that is simply unused.
        if (outcome(refused) != ChannelState.SILENT) {
          break;
        }
      }
    }
    failure.ifPresent(this::note);
    return false;
  }

  private void note(NaruException failure) {
    lastAttempt = outcome(failure);
    if (!failure.sentence().equals(lastSentence)) {
      LOG.info("no channel to {}: {}", peer.name(), failure.sentence());
    }
    lastSentence = failure.sentence();
  }

  private static ChannelState outcome(NaruException failure) {
    if (failure.code() == ErrorCode.NOT_AUTHENTICATED) {
      return ChannelState.NOT_AUTHENTICATED;
    }
    boolean refused =
        failure.getCause() instanceof ConnectException cause
            && String.valueOf(cause.getMessage()).contains("refused");
    return refused ? ChannelState.REFUSED : ChannelState.SILENT;
  }

  @Override
  public void close() {
    closed = true;
    thread.interrupt();
    connections.forEach(Connection::close);
  }
}
