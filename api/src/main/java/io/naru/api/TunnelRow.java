package io.naru.api;

import java.util.List;

/**
 * One peer behind this node's tunnel: what the kernel is told, and what it counted.
 *
 * @param node the node whose tunnel this is
 * @param remote outer destination address
 * @param podCidrs the peer's pods
 * @param active whether pod packets to the peer take the tunnel now
 * @param sent packets that left for the peer since the counters began, as the underlay saw them
 * @param received packets that came from the peer
 */
public record TunnelRow(
    String node,
    String peer,
    String remote,
    List<String> podCidrs,
    String vtepMac,
    int vni,
    int port,
    String device,
    boolean active,
    long sent,
    long received) {}
