package io.naru.agent.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.desired.NodeView;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.PathTap;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeTiming;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * The book of all paths that begin or end at this node. It does no I/O: the threads that send,
 * receive and tap write into it, and the verdicts come out. Safe for use by several threads.
 */
public final class PathBook {
  /**
   * Trouble has to last so long for each peer there is before all are told: a large cluster that is
   * only starting would tell everyone of everyone.
   */
  private static final Duration A_PEER = Duration.ofMillis(200);

  private static final int MANY = 50; // more peers than these make it no longer

  private final LongSupplier nanoTime;
  private final LongSupplier randomId;
  private final Map<NodeName, Map<Transport, PeerPaths>> peers = new HashMap<>();
  private final ProbeRounds rounds;
  private final Map<NodeName, PeerPaths.Channel> channels = new HashMap<>();
  private final Map<NodeName, Presence> presences = new HashMap<>();
  private final JudgedPaths judged = new JudgedPaths();
  private final Lateness lateness;
  private Optional<NodeView> view = Optional.empty();
  private boolean watching;
  private ProbeTiming usual =
      ProbeTiming.forPaths(1, NetworkConfiguration.defaults().probesPerSecond());
  private long hurriedUntil;

  /**
   * @param nanoTime a monotonic clock in nanoseconds
   * @param randomId gives an unpredictable id for each probe
   */
  public PathBook(LongSupplier nanoTime, LongSupplier randomId) {
    this.nanoTime = nanoTime;
    this.randomId = randomId;
    this.rounds = new ProbeRounds(randomId);
    this.hurriedUntil = nanoTime.getAsLong();
    this.lateness = new Lateness(nanoTime);
  }

  /** Whether this program comes to its rounds of probes in time. */
  public Lateness lateness() {
    return lateness;
  }

  /** Takes over what the node knows of the cluster now. */
  public synchronized void update(NodeView now) {
    view = Optional.of(now);
    Set<NodeName> present = new HashSet<>();
    int paths = 0;
    for (Node peer : now.peers()) {
      List<Transport> usable = probed(now, peer);
      if (usable.isEmpty()) {
        continue;
      }
      present.add(peer.name());
      Set<IpFamily> shared = families(now.sharedPodCidrs(peer));
      Map<Transport, PeerPaths> byTransport =
          peers.computeIfAbsent(peer.name(), name -> new EnumMap<>(Transport.class));
      byTransport.keySet().retainAll(usable);
      for (Transport transport : usable) {
        Set<IpFamily> carried = families(now.carried(peer, transport));
        paths += carried.size();
        byTransport
            .computeIfAbsent(transport, t -> new PeerPaths(now.self().name(), peer, t))
            .carries(carried, shared, nanoTime.getAsLong());
      }
    }
    peers.keySet().retainAll(present);
    channels.keySet().retainAll(present);
    presences.keySet().retainAll(present);
    usual = ProbeTiming.forPaths(Math.max(paths, 1), now.configuration().probesPerSecond());
    judged.forget(path -> paths(path).isEmpty());
  }

  private static Set<IpFamily> families(List<Prefix> cidrs) {
    return cidrs.stream().map(Prefix::family).collect(Collectors.toUnmodifiableSet());
  }

  private static List<Transport> probed(NodeView view, Node peer) {
    return switch (peer.kind()) {
      case AGENT -> view.usableTransports(peer);
      case FOREIGN -> List.of(); // nobody there would answer
    };
  }

  private Optional<PeerPaths> paths(PathId path) {
    NodeName self = view.orElseThrow().self().name();
    NodeName peer = path.from().equals(self) ? path.to() : path.from();
    return paths(peer, path.transport());
  }

  private Optional<PeerPaths> paths(NodeName peer, Transport transport) {
    return Optional.ofNullable(peers.getOrDefault(peer, Map.of()).get(transport));
  }

  /** The probes that are due; each is counted as sent with the call of {@link #sent}. */
  public synchronized List<OutgoingProbe> due() {
    long interval = timing().interval().toNanos();
    List<OutgoingProbe> probes = new ArrayList<>();
    for (NodeName peer : rounds.due(peers.keySet(), interval, nanoTime.getAsLong())) {
      for (PeerPaths paths : peers.getOrDefault(peer, Map.of()).values()) {
        probes.addAll(ProbeRounds.probes(view.orElseThrow(), paths, randomId));
      }
    }
    return probes;
  }

  public synchronized void sent(ProbePacket packet) {
    paths(packet.to(), packet.transport())
        .ifPresent(
            p -> p.sent(packet.family()).sent(packet.id(), packet.size(), nanoTime.getAsLong()));
  }

  /** The kernel did not take a probe, and said why. */
  public synchronized void refused(ProbePacket packet, String why) {
    paths(packet.to(), packet.transport()).ifPresent(p -> p.sent(packet.family()).refused(why));
  }

  /** A probe came out of this node's socket. */
  public synchronized void delivered(ProbePacket packet) {
    if (isForUs(packet)) {
      paths(packet.from(), packet.transport())
          .ifPresent(
              paths -> {
                heard(packet.from());
                paths.delivered(packet, nanoTime.getAsLong());
              });
    }
  }

  private void heard(NodeName peer) {
    presences
        .computeIfAbsent(peer, name -> new Presence())
        .heard(nanoTime.getAsLong(), usual.patience().toNanos());
  }

  /**
   * A tap of this node saw a probe.
   *
   * @param tunnel whether it is the tap at the VTEP; else it is the underlay interface's
   */
  public synchronized void tapped(ProbePacket packet, boolean tunnel) {
    if (isForUs(packet)) {
      PathTap tap = tunnel ? PathTap.RECEIVER_VTEP : PathTap.RECEIVER_NIC;
      paths(packet.from(), packet.transport())
          .ifPresent(p -> p.seenIncoming(packet, tap, nanoTime.getAsLong()));
    } else if (view.isPresent() && packet.from().equals(view.get().self().name())) {
      PathTap tap = tunnel ? PathTap.SENDER_VTEP : PathTap.SENDER_NIC;
      paths(packet.to(), packet.transport())
          .ifPresent(p -> p.sent(packet.family()).seen(packet.id(), tap));
    }
  }

  private boolean isForUs(ProbePacket packet) {
    return view.isPresent() && packet.to().equals(view.get().self().name());
  }

  public synchronized void reported(NodeName peer, PeerReport report) {
    paths(peer, report.transport()).ifPresent(paths -> paths.reported(report));
  }

  /**
   * Whether the peer's agent can be asked.
   *
   * @param trouble why not, as the last attempt put it
   */
  public synchronized void channel(NodeName peer, ChannelState state, String trouble) {
    channels.put(peer, new PeerPaths.Channel(state, trouble));
    if (state == ChannelState.OPEN) {
      heard(peer);
    } else {
      peers.getOrDefault(peer, Map.of()).values().forEach(PeerPaths::dropReport);
    }
  }

  /** What is known of the channel to a peer. */
  public synchronized ChannelWord channel(NodeName peer) {
    return ChannelWord.of(channels.getOrDefault(peer, PeerPaths.Channel.UNTRIED));
  }

  /** All notices that are in the store now. */
  public synchronized void notices(Collection<PathNotice> all) {
    Map<NodeName, List<PathNotice>> byObserver = new HashMap<>();
    all.forEach(n -> byObserver.computeIfAbsent(n.observer(), o -> new ArrayList<>()).add(n));
    peers.forEach(
        (name, byTransport) -> {
          List<PathNotice> theirs = byObserver.getOrDefault(name, List.of());
          for (PeerPaths paths : byTransport.values()) {
            List<PathNotice> relevant =
                theirs.stream()
                    .filter(n -> n.path().equals(paths.out()) || n.path().equals(paths.in()))
                    .toList();
            paths.notices(relevant, nanoTime.getAsLong());
          }
        });
  }

  /** Whether this node's taps are open. */
  public synchronized void watching(boolean tapsAreOpen) {
    watching = tapsAreOpen;
  }

  /** When probes go out, and how often their senders are told of them. */
  public synchronized ProbeTiming timing() {
    return isHurried() ? usual.hurried() : usual;
  }

  /** For so long probes go out often, and the taps are open: somebody wants to know at once. */
  public synchronized void hurry(Duration duration) {
    long now = nanoTime.getAsLong();
    hurriedUntil = now + duration.toNanos();
    rounds.hasten(timing().interval().toNanos(), now);
  }

  private boolean isHurried() {
    return hurriedUntil - nanoTime.getAsLong() > 0;
  }

  /** What there is to tell a peer over the channel. */
  public synchronized List<PeerReport> reportsFor(NodeName peer) {
    long now = nanoTime.getAsLong();
    return peers.getOrDefault(peer, Map.of()).values().stream()
        .flatMap(paths -> paths.report(watching, timing(), now).stream())
        .toList();
  }

  /** Judges every path anew. */
  public synchronized List<JudgedPath> judge(Instant wallClock) {
    if (view.isEmpty()) {
      return List.of();
    }
    long now = nanoTime.getAsLong();
    peers.forEach(
        (name, byTransport) -> byTransport.forEach((t, paths) -> judge(paths, now, wallClock)));
    return judged.sorted();
  }

  private void judge(PeerPaths paths, long now, Instant wallClock) {
    NodeView known = view.orElseThrow();
    NodeName peer = paths.out().to();
    PeerPaths.Channel channel = channels.getOrDefault(peer, PeerPaths.Channel.UNTRIED);
    OptionalLong present =
        presences
            .computeIfAbsent(peer, name -> new Presence())
            .since(now, usual.patience().toNanos());
    paths.forget(usual, now);
    boolean chosen =
        known
            .peer(peer)
            .flatMap(known::chosenTransport)
            .equals(Optional.of(paths.out().transport()));
    PeerPaths.Moment moment =
        new PeerPaths.Moment(timing(), present, channel, watching, known.podMtu(), now);
    judged.record(paths.out(), chosen, paths.outgoing(moment), wallClock, now);
    judged.record(paths.in(), chosen, paths.incoming(moment), wallClock, now);
  }

  /** Whether any path is in doubt, so that the taps should be open. */
  public synchronized boolean isInDoubt() {
    return isHurried()
        || (!lateness.isLate() && judged.isAnyInDoubt(usual.patience(), nanoTime.getAsLong()));
  }

  /** The words about paths in trouble that this node should have in the store. */
  public synchronized List<PathNotice> wantedNotices() {
    if (view.isEmpty()) {
      return List.of();
    }
    NodeName self = view.get().self().name();
    Duration passing = A_PEER.multipliedBy(Math.min(peers.size(), MANY));
    return judged.knownFor(passing, nanoTime.getAsLong()).stream()
        .filter(path -> isInTrouble(path, self))
        .map(
            path ->
                new PathNotice(
                    path.path(),
                    self,
                    path.verdict().state(),
                    path.verdict().reason(),
                    path.verdict().lastSeen().map(tap -> tap.on(path.path())),
                    path.verdict().notSeen().map(tap -> tap.on(path.path())),
                    path.since(),
                    path.since()))
        .toList();
  }

  /** In trouble itself, or well while its receiver has no channel to say so. */
  private boolean isInTrouble(JudgedPath path, NodeName self) {
    return path.verdict().state() != PathState.HEALTHY
        || (path.path().to().equals(self) && isClosed(path.path().from()));
  }

  private boolean isClosed(NodeName peer) {
    return switch (channels.getOrDefault(peer, PeerPaths.Channel.UNTRIED).state()) {
      case OPEN, UNTRIED -> false;
      case REFUSED, SILENT, NOT_AUTHENTICATED -> true;
    };
  }
}
