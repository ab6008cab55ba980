package io.naru.agent.probe;

import io.naru.core.address.IpFamily;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.FamilyVerdicts;
import io.naru.core.probe.OtherEnd;
import io.naru.core.probe.PathJudge;
import io.naru.core.probe.PathTap;
import io.naru.core.probe.PathVerdict;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeTiming;
import io.naru.core.probe.SentProbes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/** All that is known of both paths between this node and one peer, by one transport. */
final class PeerPaths {
  /** A word in the store that was not renewed for so long is stale, in nanoseconds. */
  private static final long BAD_WORD_LIFETIME = 30_000_000_000L;

  private static final long GOOD_WORD_LIFETIME = 8_000_000_000L;

  private final PathId out;
  private final PathId in;
  private final Map<IpFamily, ProbedFamily> families = new EnumMap<>(IpFamily.class);
  private final List<Long> deliveredSinceReport = new ArrayList<>();
  private final Map<PathTap, List<Long>> seenSinceReport = new EnumMap<>(PathTap.class);
  private final Map<PathId, HeardNotice> notices = new HashMap<>();
  private Set<IpFamily> notCarried = Set.of();
  private boolean peerWatches;
  private boolean toldWatching;
  private boolean noticesBegun;

  /**
   * The channel to the peer.
   *
   * @param trouble why it is not open
   */
  record Channel(ChannelState state, String trouble) {
    static final Channel UNTRIED = new Channel(ChannelState.UNTRIED, "");
  }

  private record HeardNotice(PathNotice notice, long at) {}

  /** What a verdict depends on besides the probes. */
  record Moment(
      ProbeTiming timing,
      OptionalLong present,
      Channel channel,
      boolean watching,
      int fullSize,
      long now) {}

  PeerPaths(NodeName self, Node peer, Transport transport) {
    out = new PathId(self, peer.name(), transport);
    in = new PathId(peer.name(), self, transport);
  }

  /**
   * Takes over what of the pods' families the transport carries.
   *
   * @param shared the families that pods of both nodes have
   */
  void carries(Set<IpFamily> carried, Set<IpFamily> shared, long now) {
    families.keySet().retainAll(carried);
    carried.forEach(family -> families.computeIfAbsent(family, f -> new ProbedFamily(now)));
    Set<IpFamily> rest = EnumSet.copyOf(shared);
    rest.removeAll(carried);
    notCarried = rest;
  }

  /** The families that are probed. */
  Set<IpFamily> families() {
    return families.keySet();
  }

  PathId out() {
    return out;
  }

  PathId in() {
    return in;
  }

  /** Our probes of a family; what nobody asks for is kept nowhere. */
  SentProbes sent(IpFamily family) {
    ProbedFamily probed = families.get(family);
    return probed == null ? new SentProbes() : probed.sent();
  }

  /** Ids of the newest probes of a family that arrived, newest first. */
  List<Long> newest(IpFamily family) {
    ProbedFamily probed = families.get(family);
    return probed == null ? List.of() : probed.received().newest();
  }

  void delivered(ProbePacket packet, long now) {
    ProbedFamily probed = families.get(packet.family());
    if (probed != null) {
      probed.delivered(packet, now);
      deliveredSinceReport.add(packet.id());
    }
  }

  /** A tap of this node saw a probe of the peer's. */
  void seenIncoming(ProbePacket packet, PathTap tap, long now) {
    ProbedFamily probed = families.get(packet.family());
    if (probed == null) {
      return;
    }
    probed.received().seen(tap, now);
    seenSinceReport.computeIfAbsent(tap, t -> new ArrayList<>()).add(packet.id());
  }

  void reported(PeerReport report) {
    // Ids are random: each is of one family, and unknown to the other.
    for (ProbedFamily probed : families.values()) {
      report.delivered().forEach(probed.sent()::acknowledged);
      for (PeerReport.Sighting sighting : report.seen()) {
        if (!sighting.tap().isAtSender()) {
          sighting.ids().forEach(id -> probed.sent().seen(id, sighting.tap()));
        }
      }
    }
    peerWatches = report.watching();
  }

  /**
   * What the peer says of these paths in the store, all of it. A word counts from when it was seen
   * to be renewed: how old the first ones are, nobody knows.
   */
  void notices(List<PathNotice> all, long now) {
    Map<PathId, HeardNotice> before = Map.copyOf(notices);
    notices.clear();
    for (PathNotice notice : all) {
      HeardNotice known = before.get(notice.path());
      if (known != null && known.notice().equals(notice)) {
        notices.put(notice.path(), known);
      } else {
        long at = noticesBegun ? now : now - lifetime(notice);
        notices.put(notice.path(), new HeardNotice(notice, at));
      }
    }
    noticesBegun = true;
  }

  /** A good word of somebody who may be gone must not hide an outage for long. */
  private static long lifetime(PathNotice notice) {
    return switch (notice.state()) {
      case BROKEN, UNKNOWN -> BAD_WORD_LIFETIME;
      case HEALTHY, DEGRADED -> GOOD_WORD_LIFETIME;
    };
  }

  /**
   * What there is to tell the peer, or empty. Where our probes reach it they tell it themselves
   * which of its own arrived; what they may not have told yet is kept.
   */
  Optional<PeerReport> report(boolean watching, ProbeTiming timing, long now) {
    long recently = now - 2 * timing.interval().toNanos();
    if (!families.isEmpty()
        && families.values().stream().allMatch(f -> f.sent().isAcknowledgedSince(recently))
        && seenSinceReport.isEmpty()
        && toldWatching == watching) {
      int kept = families.size() * ProbePacket.MAXIMUM_RECEIVED;
      if (deliveredSinceReport.size() > kept) {
        deliveredSinceReport.subList(0, deliveredSinceReport.size() - kept).clear();
      }
      return Optional.empty();
    }
    if (deliveredSinceReport.isEmpty() && seenSinceReport.isEmpty() && toldWatching == watching) {
      return Optional.empty();
    }
    toldWatching = watching;
    PeerReport report =
        new PeerReport(
            out.transport(),
            deliveredSinceReport,
            seenSinceReport.entrySet().stream()
                .map(entry -> new PeerReport.Sighting(entry.getKey(), entry.getValue()))
                .toList(),
            watching);
    deliveredSinceReport.clear();
    seenSinceReport.clear();
    return Optional.of(report);
  }

  /** Forgets what no channel could carry, so that it does not pile up. */
  void dropReport() {
    deliveredSinceReport.clear();
    seenSinceReport.clear();
    toldWatching = false;
    peerWatches = false;
  }

  void forget(ProbeTiming timing, long now) {
    families.values().forEach(probed -> probed.sent().forget(timing, now));
  }

  /** The word of this end on the path to the peer. */
  PathVerdict outgoing(Moment moment) {
    return together(
        probed ->
            PathJudge.outgoing(
                out,
                probed.sent().fate(moment.timing(), moment.present(), moment.now()),
                otherEnd(out, probed, moment),
                moment.fullSize(),
                moment.timing()));
  }

  /** The word of this end on the path from the peer. */
  PathVerdict incoming(Moment moment) {
    return together(
        probed ->
            PathJudge.incoming(
                in,
                probed.received().arrivals(moment.timing(), moment.present(), moment.now()),
                otherEnd(in, probed, moment),
                moment.watching(),
                moment.fullSize()));
  }

  private PathVerdict together(Function<ProbedFamily, PathVerdict> judge) {
    Map<IpFamily, PathVerdict> verdicts = new EnumMap<>(IpFamily.class);
    families.forEach((family, probed) -> verdicts.put(family, judge.apply(probed)));
    for (IpFamily family : notCarried) {
      String reason =
          out.transport() + " routes cannot carry " + family + " pods between these nodes";
      verdicts.put(family, PathVerdict.of(PathState.BROKEN, reason));
    }
    return FamilyVerdicts.worst(verdicts);
  }

  private OtherEnd otherEnd(PathId path, ProbedFamily probed, Moment moment) {
    long now = moment.now();
    Optional<PathNotice> notice =
        Optional.ofNullable(notices.get(path))
            .filter(heard -> now - heard.at() < lifetime(heard.notice()))
            .map(HeardNotice::notice);
    return new OtherEnd(
        moment.channel().state(),
        moment.channel().trouble(),
        probed.peerHearsNothing(now, moment.timing().patience().toNanos()),
        peerWatches,
        notice);
  }
}
