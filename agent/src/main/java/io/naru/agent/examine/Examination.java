package io.naru.agent.examine;

import io.naru.agent.channel.PeerChannels;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.ChannelWord;
import io.naru.agent.probe.JudgedPath;
import io.naru.agent.probe.PathBook;
import io.naru.agent.train.TrainSender;
import io.naru.agent.train.TrainTaps;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.ClusterEvidence;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathState;
import io.naru.core.state.Plan;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.counter.KernelCounters;
import io.naru.observe.tap.IcmpErrors;
import io.naru.observe.tap.Listening;
import io.naru.observe.tap.TunnelFrames;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks closely for a few seconds: probes go out often and both ends' taps are open; where a path
 * is in trouble, ports are tried and the packet filter is traced. One at a time.
 */
public final class Examination {
  /** Long enough for four hurried probes, their deadline, and the reports on them. */
  private static final Duration LOOK = Duration.ofMillis(2500);

  /** Who asks within so short a time asks for the same. */
  private static final Duration TOGETHER = Duration.ofMillis(500);

  /** After so long the trains are on their way, and do not disturb what comes next. */
  private static final Duration TRAINS = Duration.ofMillis(1750);

  private static final Duration PEERS_PATIENCE = Duration.ofSeconds(7);

  /** More would not fit into one line of the channel. */
  private static final int MOST_WORDS = 1000;

  private static final Duration HURRY = Duration.ofSeconds(4);

  /** A port where nobody listens, as a rule: a little above the ports that tunnels use. */
  private static final int OTHER_PORT = 8477;

  private static final int TRAIN_PEERS = 8;

  private final NodeName self;
  private final Supplier<Pass> pass;
  private final Pause pause;
  private final PathBook book;
  private final PeerChannels channels;
  private final LeaseBook leases;
  private final ReentrantLock oneAtATime = new ReentrantLock();
  private volatile @Nullable Thread inBackground;
  private @Nullable NodeEvidence latest;
  private long latestBegan;

  public Examination(
      NodeName self,
      Supplier<Pass> pass,
      Pause pause,
      PathBook book,
      PeerChannels channels,
      LeaseBook leases) {
    this.self = self;
    this.pass = pass;
    this.pause = pause;
    this.book = book;
    this.channels = channels;
    this.leases = leases;
  }

  /**
   * Takes two to four seconds. Somebody waits for it: what is examined in the background is broken
   * off.
   *
   * @throws NaruException UNAVAILABLE while the agent is only starting
   */
  public NodeEvidence run() {
    Thread running = inBackground;
    if (running != null) {
      running.interrupt();
    }
    return run(channels.peers(), false);
  }

  private NodeEvidence run(Set<NodeName> about, boolean background) {
    NodeView view =
        pass.get()
            .view()
            .orElseThrow(
                () ->
                    new NaruException(
                        ErrorCode.UNAVAILABLE, self + "'s agent is only starting; try again"));
    long asked = System.nanoTime();
    oneAtATime.lock();
    try {
      // Who asked while another one's examination was on its way shares what that saw.
      if (latest == null || asked - latestBegan > TOGETHER.toNanos()) {
        latestBegan = System.nanoTime();
        inBackground = background ? Thread.currentThread() : null;
        latest = look(view, about);
      }
      return latest;
    } finally {
      inBackground = null;
      oneAtATime.unlock();
    }
  }

  /**
   * The whole cluster's: this node's, and that of every peer whose agent can be asked.
   *
   * @throws NaruException UNAVAILABLE while the agent is only starting
   */
  public ClusterEvidence runEverywhere() {
    return together(channels.peers(), this::run);
  }

  /** This node's and that of these peers, while nobody waits for it. */
  public ClusterEvidence runInBackground(Set<NodeName> peers) {
    return together(peers, () -> run(peers, true));
  }

  private ClusterEvidence together(Set<NodeName> peers, Supplier<NodeEvidence> own) {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ClusterEvidence> others =
          threads.submit(() -> channels.examine(peers, PEERS_PATIENCE));
      List<NodeEvidence> evidence = new ArrayList<>();
      evidence.add(own.get());
      ClusterEvidence heard = others.get();
      evidence.addAll(heard.nodes());
      return new ClusterEvidence(evidence, heard.unasked());
    } catch (ExecutionException mistake) {
      throw new IllegalStateException("the peers could not be asked", mistake.getCause());
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new NaruException(ErrorCode.UNAVAILABLE, "the examination was broken off", stop);
    }
  }

  /** For a peer that asks: nothing where this agent cannot look. */
  public Optional<NodeEvidence> testimony() {
    return testimony(true);
  }

  private Optional<NodeEvidence> testimony(boolean again) {
    try {
      NodeEvidence evidence = run(channels.peers(), true);
      return Optional.of(evidence.paths().size() > MOST_WORDS ? evidence.aboutTrouble() : evidence);
    } catch (NaruException brokenOff) {
      // Somebody here wanted to know at once: what that sees will do for the peer as well.
      return Thread.interrupted() && again ? testimony(false) : Optional.empty();
    }
  }

  private NodeEvidence look(NodeView view, Set<NodeName> about) {
    List<String> notChecked = new ArrayList<>();
    Map<String, String> interfaces =
        Map.of("vtep", DesiredState.TUNNEL, "nic", view.underlay().interfaceName());
    try (RouteNetlink netlink = RouteNetlink.open();
        Listening<IcmpError> icmp = IcmpErrors.on(view.underlay().interfaceName());
        Listening<TunnelFrame> frames =
            TunnelFrames.on(view.underlay().interfaceName(), view.configuration().vxlanPort());
        TrainTaps trainTaps =
            TrainTaps.open(
                self.text(), view.underlay().interfaceName(), view.configuration().vxlanPort())) {
      Map<String, Long> before = KernelCounters.read(netlink, interfaces);
      book.hurry(HURRY);
      PodTrials podTrials = new PodTrials(view, leases, channels, OTHER_PORT);
      channels.hurry(about, podTrials.answering());
      long end = System.nanoTime() + LOOK.toNanos();
      List<ForwardTrial> tried;
      try (TrainSender _ =
          TrainSender.start(
              view, trainPeers(view, about, notChecked), trainTaps, this::losesLarge)) {
        FilterTrial.rest(TRAINS);
        tried = podTrials.run(about, peersInTrouble(), notChecked);
        FilterTrial.rest(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      }
      FilterTrial.Outcome filter = FilterTrial.Outcome.NONE;
      Set<String> inTrouble = peersInTrouble();
      List<ForwardTrial> first =
          tried.stream().filter(trial -> !inTrouble.contains(trial.peer())).toList();
      List<ForwardTrial> forwarding = new ArrayList<>(first);
      if (!inTrouble.isEmpty() || first.stream().anyMatch(PodTrials::hasFailed)) {
        filter =
            new FilterTrial(view, OTHER_PORT)
                .run(inTrouble, notChecked, () -> forwarding.replaceAll(podTrials::again));
      }
      return new NodeEvidence(
          self.text(),
          view.underlay().interfaceName(),
          view.underlay().addresses().stream().map(own -> own.address().toString()).toList(),
          view.configuration().vxlanPort(),
          view.configuration().agentPort(),
          view.configuration().vni(),
          view.self().vtepMac().toString(),
          view.podMtu(),
          pause.since().isPresent(),
          pause.since().isPresent() ? drift(view) : List.of(),
          KernelCounters.rise(before, KernelCounters.read(netlink, interfaces)),
          judged().stream().map(Examination::word).toList(),
          peers(view, filter.answered()),
          // Our own trial of a closed port is no trouble.
          icmp.heard().stream().filter(error -> error.port() != OTHER_PORT).toList(),
          frames.heard(),
          filter.drops(),
          forwarding,
          trainTaps.counts(),
          notChecked);
    }
  }

  /** Some peers, others each time: trains to very many would be a load of their own. */
  private static List<Node> trainPeers(
      NodeView view, Set<NodeName> about, List<String> notChecked) {
    List<Node> peers =
        new ArrayList<>(
            view.peers().stream()
                .filter(node -> node.kind() == NodeKind.AGENT && about.contains(node.name()))
                .toList());
    if (peers.size() > TRAIN_PEERS) {
      Collections.shuffle(peers);
      notChecked.add(
          "limits of rate, loss by flow: trains of packets went to "
              + TRAIN_PEERS
              + " of "
              + peers.size()
              + " peers");
    }
    return peers.stream().limit(TRAIN_PEERS).toList();
  }

  private boolean losesLarge(Node peer) {
    return judged().stream()
        .filter(path -> path.chosen() && path.path().to().equals(peer.name()))
        .anyMatch(path -> path.verdict().state() == PathState.DEGRADED);
  }

  private List<Drift> drift(NodeView view) {
    Plan plan = pass.get().plan();
    return Drifts.of(plan, view);
  }

  private List<JudgedPath> judged() {
    return book.judge(Instant.now());
  }

  private Set<String> peersInTrouble() {
    Set<String> peers = new HashSet<>();
    for (JudgedPath path : judged()) {
      if (path.chosen() && path.verdict().state() != PathState.HEALTHY) {
        peers.add((path.path().from().equals(self) ? path.path().to() : path.path().from()).text());
      }
    }
    return peers;
  }

  private List<PeerEvidence> peers(NodeView view, Map<String, Boolean> answered) {
    return view.peers().stream()
        .filter(peer -> peer.kind() == NodeKind.AGENT)
        .map(
            peer -> {
              IpAddress address = peer.publicAddresses().getFirst();
              ChannelWord channel = book.channel(peer.name());
              return new PeerEvidence(
                  peer.name().text(),
                  address.toString(),
                  view.underlay().isOnLink(address),
                  channel.state(),
                  channel.trouble(),
                  Optional.ofNullable(answered.get(peer.name().text())));
            })
        .toList();
  }

  private static PathWord word(JudgedPath judged) {
    String reason = judged.verdict().reason();
    return new PathWord(
        judged.path().from().text(),
        judged.path().to().text(),
        judged.path().transport().toString(),
        judged.chosen(),
        judged.verdict().state().toString(),
        reason,
        judged.verdict().state() == PathState.HEALTHY || reason.contains("small packets"),
        judged.verdict().lastSeen().map(tap -> tap.on(judged.path())),
        judged.verdict().notSeen().map(tap -> tap.on(judged.path())));
  }
}
