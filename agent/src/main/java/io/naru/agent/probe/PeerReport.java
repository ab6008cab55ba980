package io.naru.agent.probe;

import io.naru.core.path.Transport;
import io.naru.core.probe.PathTap;
import java.util.List;
import java.util.Objects;

/**
 * What an agent tells a peer, over their authenticated channel, of the probes that came from it.
 *
 * @param transport by which they came
 * @param delivered ids of those that arrived
 * @param seen ids of those that a tap here saw, each list for one tap
 * @param watching whether the taps here are open for that peer's probes
 */
public record PeerReport(
    Transport transport, List<Long> delivered, List<Sighting> seen, boolean watching) {
  public PeerReport {
    Objects.requireNonNull(transport, "transport is missing");
    delivered = List.copyOf(delivered);
    seen = List.copyOf(seen);
  }

  /** Probes that one tap saw. */
  public record Sighting(PathTap tap, List<Long> ids) {
    public Sighting {
      Objects.requireNonNull(tap, "tap is missing");
      ids = List.copyOf(ids);
    }
  }
}
