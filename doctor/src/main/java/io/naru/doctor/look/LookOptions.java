package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.doctor.peer.PeerNetwork;
import java.time.Duration;
import java.util.List;

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
    PeerNetwork network, String node, String session, Duration probing, Start start) {
  /** Long enough to tell a loss of a twentieth, short enough to wait for. */
  public static final Duration USUAL = Duration.ofSeconds(2);

  /** Lets the probes of all nodes go at the same time. */
  @FunctionalInterface
  public interface Start {
    /**
     * Waits for the others.
     *
     * @param pods addresses of this node's pods that answer
     * @return those of the other nodes, as far as they are known
     */
    List<IpAddress> await(List<IpAddress> pods);

    /** Waits for nobody, and knows nobody's. */
    Start AT_ONCE = pods -> List.of();
  }
}
