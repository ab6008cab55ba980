package io.naru.agent.probe;

import io.naru.core.address.IpAddress;
import io.naru.core.probe.ProbePacket;

/**
 * A probe to be sent.
 *
 * @param source this node's address in the pod network
 * @param destination the peer's
 * @param length of the UDP payload, in bytes
 */
public record OutgoingProbe(
    ProbePacket packet, IpAddress source, IpAddress destination, int length) {}
