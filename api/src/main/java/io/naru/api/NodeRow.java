package io.naru.api;

import java.util.List;

/**
 * A node of the cluster.
 *
 * @param kind {@code agent} or {@code foreign}
 * @param addresses where peers reach it
 * @param vxlanPort UDP port of its tunnel end point
 * @param agentPort TCP port of its agent's channel
 * @param transport how this agent's node reaches it: {@code direct}, {@code vxlan}, {@code none} or
 *     {@code self}
 * @param reason why that transport
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
    String reason) {}
