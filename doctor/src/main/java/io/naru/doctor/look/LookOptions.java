package io.naru.doctor.look;

import io.naru.doctor.peer.PeerNetwork;
import java.time.Duration;

/**
 * How to look at a node.
 *
 * @param network whose
 * @param node the node's name
 * @param session the same for all that are looked at together; empty for one alone
 * @param probing how long probes are sent
 * @param start called when the taps are open; returns when the probes may go
 */
public record LookOptions(
    PeerNetwork network, String node, String session, Duration probing, Runnable start) {
  /** Long enough to tell a loss of a twentieth, short enough to wait for. */
  public static final Duration USUAL = Duration.ofSeconds(2);
}
