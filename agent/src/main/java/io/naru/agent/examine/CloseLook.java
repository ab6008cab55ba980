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
import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodeEvidence.ForwardTrial;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.error.NaruException;
import io.naru.core.path.PathState;
import io.naru.linux.call.Rest;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.counter.KernelCounters;
import io.naru.observe.filter.DropWatch;
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
import java.util.function.Supplier;

/**
 * Looks closely for a few seconds: probes go out often, trains of packets with them, both ends'
 * taps are open, pods are tried; where something is in trouble, ports are tried and the packet
 * filter is traced.
 */
record CloseLook(
    NodeName self,
    Supplier<Pass> pass,
    Pause pause,
    PathBook book,
    PeerChannels channels,
    LeaseBook leases) {
  /** Long enough for four hurried probes, their deadline, and the reports on them. */
  private static final Duration LOOK = Duration.ofMillis(2500);

  /** After so long the trains are on their way, and do not disturb what comes next. */
  private static final Duration TRAINS = Duration.ofMillis(1750);

  /** So long probes go out more often: until this look has ended, and its packet filter's trace. */
  private static final Duration HURRY = Duration.ofSeconds(4);

  /** A port where nobody listens, as a rule: a little above the ports that tunnels use. */
  private static final int OTHER_PORT = 8477;

  /** Trains go to so many peers at a time. */
  private static final int TRAIN_PEERS = 8;

  /**
   * Takes two to four seconds.
   *
   * @param about the peers that matter
   * @param hurry whether somebody waits, so that probes go out often: what is new shows at once
   */
  NodeEvidence at(NodeView view, Set<NodeName> about, boolean hurry) {
    List<String> notChecked = new ArrayList<>();
    Map<String, String> interfaces =
        Map.of("vtep", DesiredState.TUNNEL, "nic", view.underlay().interfaceName());
    try (RouteNetlink netlink = RouteNetlink.open();
        Listening<IcmpError> icmp = IcmpErrors.on(view.underlay().interfaceName());
        ProbeRefusals refusals = ProbeRefusals.open(view);
        Listening<TunnelFrame> frames =
            TunnelFrames.on(view.underlay().interfaceName(), view.configuration().vxlanPort());
        DropWatch drops = OtherFilterLook.drops(view, OTHER_PORT, notChecked);
        PodTrialTaps trialTaps = PodTrialTaps.open(view, leases, OTHER_PORT);
        TrainTaps trainTaps =
            TrainTaps.open(
                self.text(), view.underlay().interfaceName(), view.configuration().vxlanPort())) {
      Map<String, Long> before = KernelCounters.read(netlink, interfaces);
      OtherFilterLook otherFilters = OtherFilterLook.start();
      if (hurry) {
        book.hurry(HURRY);
      }
      PodTrials podTrials = new PodTrials(view, leases, channels, OTHER_PORT);
      channels.looking(about, hurry, podTrials.answering());
      long end = System.nanoTime() + LOOK.toNanos();
      List<ForwardTrial> tried;
      try (TrainSender _ =
          TrainSender.start(
              view, trainPeers(view, about, notChecked), trainTaps, this::losesLarge)) {
        Rest.of(TRAINS, Examination.BROKEN_OFF);
        tried = podTrials.run(about, peersInTrouble(), notChecked);
        Rest.until(end, Examination.BROKEN_OFF);
      }
      FilterTrial.Outcome filter = FilterTrial.Outcome.NONE;
      Set<String> inTrouble = peersInTrouble();
      List<ForwardTrial> first =
          tried.stream().filter(trial -> !inTrouble.contains(trial.peer())).toList();
      List<ForwardTrial> forwarding = new ArrayList<>(first);
      List<IcmpError> errors = List.copyOf(icmp.heard());
      boolean trouble =
          !inTrouble.isEmpty()
              || first.stream().anyMatch(PodTrials::hasFailed)
              || trialTaps.areLostHere();
      if (trouble) {
        filter =
            new FilterTrial(view, OTHER_PORT)
                .run(inTrouble, notChecked, () -> forwarding.replaceAll(podTrials::again));
      }
      boolean paused = pause.since().isPresent();
      return new NodeEvidence(
          self.text(),
          view.underlay().interfaceName(),
          isUp(netlink, view.underlay().interfaceName()),
          view.underlay().addresses().stream().map(own -> own.address().toString()).toList(),
          view.configuration().vxlanPort(),
          view.configuration().agentPort(),
          view.configuration().vni(),
          view.podMtu(),
          OtherFilterLook.podNetworks(view),
          paused ? AgentWork.PAUSED : AgentWork.REPAIRS,
          drift(view, paused),
          KernelCounters.rise(before, KernelCounters.read(netlink, interfaces)),
          judged().stream().map(CloseLook::word).toList(),
          peers(view, netlink, filter.answered(), refusals),
          // The refusals of our own trials are no trouble.
          errors.stream().filter(error -> error.port() != OTHER_PORT).toList(),
          frames.heard(),
          filter.drops(),
          otherFilters.end(netlink, interfaces.values(), trouble),
          drops.counted(),
          forwarding,
          trialTaps.seen(),
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

  /** What the kernel lacks, where nothing repairs it. */
  private List<Drift> drift(NodeView view, boolean paused) {
    return paused ? Drifts.of(pass.get().plan(), view) : List.of();
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

  private List<PeerEvidence> peers(
      NodeView view,
      RouteNetlink netlink,
      Map<String, FilterTrial.Answered> answered,
      ProbeRefusals refusals) {
    return view.peers().stream()
        .filter(peer -> peer.kind() == NodeKind.AGENT)
        .map(
            peer -> {
              IpAddress address = peer.publicAddresses().getFirst();
              ChannelWord channel = book.channel(peer.name());
              Optional<FilterTrial.Answered> tried =
                  Optional.ofNullable(answered.get(peer.name().text()));
              return new PeerEvidence(
                  peer.name().text(),
                  address.toString(),
                  view.underlay().isOnLink(address),
                  channel.words(),
                  channel.trouble(),
                  tried.map(FilterTrial.Answered::udp),
                  tried.map(FilterTrial.Answered::vxlan),
                  tried.map(FilterTrial.Answered::standardPort),
                  tried.map(there -> refusals.isRefusedBy(peer)),
                  tried.map(there -> routeTrouble(netlink, address)).orElse(""));
            })
        .toList();
  }

  private static boolean isUp(RouteNetlink netlink, String name) {
    return netlink.link(name).filter(link -> link.up() && link.carrier()).isPresent();
  }

  /** Why the kernel has no route there, as it puts it. */
  private static String routeTrouble(RouteNetlink netlink, IpAddress address) {
    try {
      netlink.routeTo(address);
      return "";
    } catch (NaruException refused) {
      return refused.sentence();
    }
  }

  private static PathWord word(JudgedPath judged) {
    return new PathWord(
        judged.path().from().text(),
        judged.path().to().text(),
        judged.path().transport().toString(),
        judged.chosen(),
        judged.verdict().state(),
        judged.verdict().reason(),
        judged.verdict().smallPass(),
        judged.verdict().lastSeen().map(tap -> tap.on(judged.path())),
        judged.verdict().notSeen().map(tap -> tap.on(judged.path())));
  }
}
