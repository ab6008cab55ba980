package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.peer.Fitted;
import io.naru.doctor.peer.Look;
import io.naru.doctor.peer.Look.Probe;
import io.naru.doctor.peer.Look.Seen;
import io.naru.doctor.peer.Look.UnderlayTrial;
import io.naru.doctor.peer.PeerNetwork;
import io.naru.doctor.peer.PodTrial;
import io.naru.doctor.peer.Tunnel;
import io.naru.doctor.peer.Tunnel.PodRoute;
import io.naru.linux.call.Rest;
import io.naru.linux.route.RouteNetlink;
import io.naru.observe.counter.KernelCounters;
import io.naru.observe.filter.DropTrace;
import io.naru.observe.filter.FilterPrograms;
import io.naru.observe.filter.LegacyCounters;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/**
 * One look at the kernel of the calling thread's network namespace. It changes nothing, but for a
 * trace of the packet filter where packets are lost, which is taken away again.
 */
public final class NodeLook {
  /** What is on its way when the last probe left. */
  private static final Duration LAST_ANSWERS = Duration.ofMillis(400);

  /** Another node's packets to a pod of this one should be here by then. */
  private static final Duration OTHERS_TRIALS = Duration.ofMillis(300);

  private static final Duration TRACE = Duration.ofMillis(900);

  private final LookOptions options;
  private final RouteNetlink netlink;
  private final TunnelReader reader;
  private final List<String> notChecked = new ArrayList<>();
  private final int run = new SplittableRandom().nextInt();

  private NodeLook(LookOptions options, RouteNetlink netlink) {
    this.options = options;
    this.netlink = netlink;
    this.reader = new TunnelReader(netlink, options.network());
  }

  /** Whether there is something of that network in the calling thread's namespace. */
  public static boolean isThere(PeerNetwork network) {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      TunnelReader reader = new TunnelReader(netlink, network);
      return !reader.tunnels(List.of()).isEmpty() || !reader.directRoutes().isEmpty();
    }
  }

  /** The node's own addresses in the calling thread's namespace. */
  public static List<IpAddress> addresses() {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      return new TunnelReader(netlink, PeerNetwork.KERNEL).nodeAddresses();
    }
  }

  /**
   * Looks, for some seconds.
   *
   * @throws NaruException NOT_FOUND if nothing of that network is here, NOT_PERMITTED without root
   */
  public static Look run(LookOptions options) {
    try (RouteNetlink netlink = RouteNetlink.open()) {
      return new NodeLook(options, netlink).look();
    }
  }

  private Look look() {
    List<Tunnel> tunnels = reader.tunnels(List.of());
    if (tunnels.stream().anyMatch(Tunnel::external)) {
      tunnels =
          reader.tunnels(
              options.network() == PeerNetwork.CILIUM ? CiliumTables.read(notChecked) : List.of());
    }
    List<PodRoute> direct = reader.directRoutes();
    if (tunnels.isEmpty() && direct.isEmpty()) {
      throw nothingHere();
    }
    Map<String, String> interfaces = interfaces(tunnels);
    sweep();
    long watchedFrom;
    long probedFrom;
    Optional<String> nicOfRoutes = nicOfRoutes(direct);
    LegacyCounters filtersBefore = LegacyCounters.read();
    try (NodeTaps taps = NodeTaps.open(tunnels, nicOfRoutes, reader, notChecked);
        PodTrials pods = PodTrials.open(tunnels, nicOfRoutes, reader)) {
      watchedFrom = System.currentTimeMillis();
      List<IpAddress> others = options.start().await(pods.answering());
      Map<String, Long> before = KernelCounters.read(netlink, interfaces);
      try (ProbeRun probes =
          ProbeRun.open(tunnels, direct, reader, run, notChecked, options.probing())) {
        probedFrom = System.currentTimeMillis();
        probes.send(LAST_ANSWERS);
        long probedUntil = System.currentTimeMillis();
        List<Seen> seen = taps.seen();
        List<UnderlayTrial> underlay = probes.underlay(reader, notChecked);
        pods.run(tunnels, direct, others, probes::isWell, notChecked);
        Rest.of(OTHERS_TRIALS, ProbeRun.BROKEN_OFF);
        Map<String, Long> rise =
            KernelCounters.rise(before, KernelCounters.read(netlink, interfaces));
        List<RuleDrop> drops = new ArrayList<>();
        boolean trouble = probes.isInTrouble() || pods.isInTrouble();
        List<Probe> results = trouble ? more(tunnels, probes, pods, drops) : probes.results();
        List<PodTrial> podTrials = pods.results(netlink, notChecked);
        OtherFilters filtersNow = filters(filtersBefore, interfaces, trouble);
        notChecked.addAll(reader.leftOut());
        Fitted fitted = new Fitted(notChecked);
        return new Look(
            Look.VERSION,
            options.network().toString(),
            options.node(),
            options.session(),
            run,
            watchedFrom,
            System.currentTimeMillis(),
            probedFrom,
            probedUntil,
            fitted.list(reader.nodeAddresses(), "addresses"),
            NodeSettings.read(tunnels, reader),
            tunnels,
            fitted.list(direct, "direct routes"),
            results,
            underlay,
            podTrials,
            fitted.sightings(pods.taps().seen()),
            fitted.seen(seen),
            rise,
            fitted.errors(taps.icmpErrors()),
            fitted.frames(taps.headers()),
            fitted.drops(drops),
            fitted.filters(filtersNow),
            fitted.told());
      }
    }
  }

  /** What a look that was killed left, where there is no agent to find it. */
  private void sweep() {
    try {
      DropTrace.sweep();
    } catch (NaruException refused) {
      notChecked.add("whether an earlier look left a trace behind: " + refused.sentence());
    }
  }

  private OtherFilters filters(
      LegacyCounters before, Map<String, String> interfaces, boolean trouble) {
    LegacyCounters now = LegacyCounters.read();
    List<String> unread = new ArrayList<>(now.unread());
    List<AttachedProgram> programs =
        trouble ? FilterPrograms.on(netlink, interfaces.values(), unread) : List.of();
    return new OtherFilters(now.tables(), now.since(before), programs, unread);
  }

  private NaruException nothingHere() {
    String others =
        String.join(
            ", ",
            reader.links().stream()
                .filter(link -> link.kind().word().equals("vxlan"))
                .map(link -> link.name())
                .toList());
    return new NaruException(
        ErrorCode.NOT_FOUND,
        options.node()
            + " has no "
            + options.network().title()
            + " device"
            + (others.isEmpty()
                ? ""
                : "; its VXLAN devices are " + others + ", which --peer kernel looks at"));
  }

  private Optional<String> nicOfRoutes(List<PodRoute> direct) {
    return direct.stream()
        .flatMap(route -> route.gateway().stream())
        .flatMap(gateway -> reader.wayTo(gateway).stream())
        .map(link -> link.name())
        .findFirst();
  }

  private static Map<String, String> interfaces(List<Tunnel> tunnels) {
    Map<String, String> interfaces = new HashMap<>();
    tunnels.stream()
        .max(Comparator.comparing(tunnel -> tunnel.routes().size()))
        .ifPresent(
            tunnel -> {
              interfaces.put("vtep", tunnel.device());
              if (!tunnel.nic().isEmpty()) {
                interfaces.put("nic", tunnel.nic());
              }
            });
    return interfaces;
  }

  /** Traces the packet filter while pings go on, and tries what tells one cause from another. */
  private List<Probe> more(
      List<Tunnel> tunnels, ProbeRun probes, PodTrials pods, List<RuleDrop> drops) {
    List<Integer> ports =
        Stream.concat(tunnels.stream().map(Tunnel::port), Stream.of(UnderlayProbe.CLOSED_PORT))
            .distinct()
            .toList();
    try (TracedFilter trace = TracedFilter.start(ports)) {
      Thread again = Thread.ofPlatform().daemon().name("naru-pods-again").start(pods::again);
      List<Probe> results = probes.more(TRACE, own(tunnels));
      ProbeRun.join(again);
      drops.addAll(trace.drops());
      return results;
    } catch (NaruException notTraced) {
      notChecked.add("which rule drops packets: " + notTraced.sentence());
      return probes.more(TRACE, own(tunnels));
    }
  }

  /** Where an answer needs no tunnel to come to. */
  private Optional<IpAddress> own(List<Tunnel> tunnels) {
    return tunnels.stream()
        .flatMap(tunnel -> tunnel.local().stream())
        .findFirst()
        .or(() -> reader.nodeAddresses().stream().findFirst());
  }
}
