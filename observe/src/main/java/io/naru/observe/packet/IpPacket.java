package io.naru.observe.packet;

import io.naru.core.address.IpAddress;
import java.util.Optional;

/**
 * An IP packet, IPv4 (RFC 791) or IPv6 (RFC 8200).
 *
 * @param trafficClass TOS of IPv4, traffic class of IPv6; its lower two bits are ECN (RFC 3168)
 * @param length bytes of the whole packet as its header says, not as captured
 * @param hopLimit TTL of IPv4
 * @param protocol of the transport, after extension headers
 * @param identification of IPv4, or of the fragment header of IPv6; 0 where there is none
 * @param mayNotBeFragmented DF of IPv4; IPv6 is never fragmented on its way
 * @param fragment where it is a part of a larger packet
 */
public record IpPacket(
    IpAddress source,
    IpAddress destination,
    int trafficClass,
    int length,
    int hopLimit,
    int protocol,
    long identification,
    boolean mayNotBeFragmented,
    Optional<Fragment> fragment,
    Transport transport) {
  public static final int PROTOCOL_ICMP = 1;
  public static final int PROTOCOL_IPV4 = 4;
  public static final int PROTOCOL_TCP = 6;
  public static final int PROTOCOL_UDP = 17;
  public static final int PROTOCOL_IPV6 = 41;
  public static final int PROTOCOL_ICMPV6 = 58;

  /**
   * A part of a packet.
   *
   * @param offset of its first byte in the packet's payload
   * @param more whether others follow
   */
  public record Fragment(int offset, boolean more) {}

  /** Congestion experienced: RFC 3168, section 5. */
  public boolean isCongestionMarked() {
    return (trafficClass & 3) == 3;
  }

  /** Not-ECT: its sender does not understand marks. */
  public boolean isNotCapableOfMarks() {
    return (trafficClass & 3) == 0;
  }
}
