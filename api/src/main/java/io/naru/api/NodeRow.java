package io.naru.api;

import java.util.List;
import java.util.Optional;

/**
 * A node of the cluster.
 *
 * @param kind {@code agent} or {@code foreign}
 * @param addresses where peers reach it
 * @param vxlanPort UDP port of its tunnel end point
 * @param agentPort TCP port of its agent's channel; 0 where none runs
 * @param transport how this agent's node reaches it: {@code direct}, {@code vxlan}, {@code none} or
 *     {@code self}
 * @param reason why that transport
 * @param paused ISO 8601, since when its agent repairs nothing; empty while it repairs, or where it
 *     was not asked
 */
public record NodeRow(
    String name,
    String kind,
    List<String> addresses,
    List<String> podCidrs,
    String vtepMac,
    int vni,
    int vxlanPort,
    int agentPort,
    String transport,
    String reason,
    Optional<String> paused) {
  /** The same row, with what another agent said of its pause. */
  public NodeRow withPaused(Optional<String> since) {
    return new NodeRow(
        name, kind, addresses, podCidrs, vtepMac, vni, vxlanPort, agentPort, transport, reason,
        since);
  }
}
