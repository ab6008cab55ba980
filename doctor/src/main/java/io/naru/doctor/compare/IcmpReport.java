package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;

/**
 * ICMP errors of one kind in a capture.
 *
 * @param from who sent them: the hop that refused
 * @param quotedSource sender of the refused packets
 * @param quotedDestination their receiver
 * @param quotedPort their UDP or TCP destination port, or 0
 * @param mtu of a "too big", else 0
 */
public record IcmpReport(
    IpAddress from,
    boolean version6,
    int type,
    int code,
    IpAddress quotedSource,
    IpAddress quotedDestination,
    int quotedProtocol,
    int quotedPort,
    long mtu) {}
