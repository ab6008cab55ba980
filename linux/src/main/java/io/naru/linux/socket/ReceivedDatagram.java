package io.naru.linux.socket;

import io.naru.core.address.IpAddress;

/**
 * A datagram that arrived.
 *
 * @param source the sender's address
 * @param sourcePort the sender's port
 * @param bytes its payload
 */
@SuppressWarnings("ArrayRecordComponent") // Nobody compares datagrams.
public record ReceivedDatagram(IpAddress source, int sourcePort, byte[] bytes) {}
