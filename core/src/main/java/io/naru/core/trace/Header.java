package io.naru.core.trace;

import io.naru.core.address.IpAddress;

/**
 * What the headers of a packet said at a tap.
 *
 * @param sourcePort of UDP or TCP; 0 where there is none
 * @param destinationPort likewise
 * @param hopLimit TTL of IPv4
 * @param length bytes of the IP packet
 * @param unfragmentable DF of IPv4; IPv6 is never fragmented on its way
 */
public record Header(
    IpAddress source,
    IpAddress destination,
    int sourcePort,
    int destinationPort,
    int hopLimit,
    int length,
    boolean unfragmentable) {}
