package io.naru.agent.probe;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.Transport;
import io.naru.core.probe.ChannelState;
import io.naru.core.probe.OtherEnd;
import io.naru.core.probe.PathTap;
import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ProbeTiming;
import io.naru.core.probe.ReceivedProbes;
import io.naru.core.probe.SentProbes;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that is known of both paths between this node and one peer, by one transport. */
final class PeerPaths {
  /** A word in the store that was not renewed for so long is stale, in nanoseconds. */
  private static final long BAD_WORD_LIFETIME = 30_000_000_000L;

  private static final long GOOD_WORD_LIFETIME = 8_000_000_000L;

  private final PathId out;
  private final PathId in;
  private final SentProbes sent = new SentProbes();
  private final ReceivedProbes received;
  private final List<Long> deliveredSinceReport = new ArrayList<>();
  private final Map<PathTap, List<Long>> seenSinceReport = new EnumMap<>(PathTap.class);
  private final Map<PathId, HeardNotice> notices = new HashMap<>();
  private long lastWordOfPeer;
  private boolean peerHeardUs = true;
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

  PeerPaths(NodeName self, Node peer, Transport transport, long now) {
    out = new PathId(self, peer.name(), transport);
    in = new PathId(peer.name(), self, transport);
    received = new ReceivedProbes(now);
    lastWordOfPeer = Long.MIN_VALUE / 2 + now;
  }

  PathId out() {
    return out;
  }

  PathId in() {
    return in;
  }

  SentProbes sent() {
    return sent;
  }

  ReceivedProbes received() {
    return received;
  }

  /** A probe of the peer is here, and says which of ours were there. */
  void delivered(ProbePacket packet, long now) {
    received.delivered(packet.id(), packet.size(), now);
    deliveredSinceReport.add(packet.id());
    lastWordOfPeer = now;
    peerHeardUs = false;
    for (long id : packet.received()) {
      peerHeardUs |= sent.acknowledged(id);
    }
  }

  /** A tap of this node saw a probe of the peer's. */
  void seenIncoming(ProbePacket packet, PathTap tap, long now) {
    received.seen(tap, now);
    seenSinceReport.computeIfAbsent(tap, t -> new ArrayList<>()).add(packet.id());
  }

  void reported(PeerReport report) {
    report.delivered().forEach(sent::acknowledged);
    for (PeerReport.Sighting sighting : report.seen()) {
      if (!sighting.tap().isAtSender()) {
        sighting.ids().forEach(id -> sent.seen(id, sighting.tap()));
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

  /** What there is to tell the peer, or empty. */
  Optional<PeerReport> report(boolean watching) {
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

  OtherEnd otherEnd(PathId path, Channel channel, ProbeTiming timing, long now) {
    long patience = timing.patience().toNanos();
    boolean speaks = now - lastWordOfPeer < patience;
    Optional<PathNotice> notice =
        Optional.ofNullable(notices.get(path))
            .filter(heard -> now - heard.at() < lifetime(heard.notice()))
            .map(HeardNotice::notice);
    return new OtherEnd(
        channel.state(), channel.trouble(), speaks && !peerHeardUs, peerWatches, notice);
  }
}
