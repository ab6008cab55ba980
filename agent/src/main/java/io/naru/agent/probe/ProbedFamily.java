package io.naru.agent.probe;

import io.naru.core.probe.ProbePacket;
import io.naru.core.probe.ReceivedProbes;
import io.naru.core.probe.SentProbes;

/** The probes of one family on both paths between this node and one peer, by one transport. */
final class ProbedFamily {
  private final SentProbes sent = new SentProbes();
  private final ReceivedProbes received;
  private long lastWordOfPeer;
  private boolean peerHeardUs = true;

  ProbedFamily(long now) {
    received = new ReceivedProbes(now);
    lastWordOfPeer = Long.MIN_VALUE / 2 + now;
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
    lastWordOfPeer = now;
    peerHeardUs = false;
    for (long id : packet.received()) {
      peerHeardUs |= sent.acknowledged(id);
    }
  }

  /** Whether the peer's probes arrive here and say that ours do not arrive there. */
  boolean peerHearsNothing(long now, long patience) {
    return now - lastWordOfPeer < patience && !peerHeardUs;
  }
}
