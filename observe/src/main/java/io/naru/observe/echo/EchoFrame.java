package io.naru.observe.echo;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import java.util.Arrays;
import java.util.Optional;

/**
 * One of our echoes as a tap saw it.
 *
 * @param run number of the run that sent the request
 * @param asker who sent the request
 * @param target whom it asks
 * @param sequence the request's number
 * @param full whether it has full size
 * @param reply whether this is the answer
 * @param tunnel headers of the tunnel's frame around it, if there is one
 */
record EchoFrame(
    int run,
    IpAddress asker,
    IpAddress target,
    int sequence,
    boolean full,
    boolean reply,
    Optional<TunnelFrame> tunnel) {
  private static final int ETHERNET = 14;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_HEADER = 8; // RFC 7348, section 5
  private static final int ICMP_HEADER = 8;
  private static final int ICMP = 1;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  /** Congestion experienced (RFC 3168, section 5): both bits. */
  private static final int CONGESTION = 3;

  /** An IP header's place and what it says. */
  private record Ip(int end, int protocol, IpAddress source, IpAddress destination, int ecn) {}

  /**
   * An echo in a packet; what is cut short or another one's is none.
   *
   * @param link length of the link-layer header: 14 or 0
   */
  static Optional<EchoFrame> parse(byte[] packet, int link) {
    return ip(packet, link)
        .flatMap(
            outer ->
                outer.protocol() == UDP
                    ? inner(packet, outer)
                    : echo(packet, outer, Optional.empty()));
  }

  private static Optional<EchoFrame> inner(byte[] packet, Ip outer) {
    int vxlan = outer.end() + UDP_HEADER;
    int frame = vxlan + VXLAN_HEADER;
    return tunnelFrame(packet, outer)
        .flatMap(
            tunnel ->
                ip(packet, frame + ETHERNET).flatMap(ip -> echo(packet, ip, Optional.of(tunnel))));
  }

  /** The headers of a tunnel's frame, whatever it carries. */
  static Optional<TunnelFrame> tunnelFrame(byte[] packet, int link) {
    return ip(packet, link)
        .filter(outer -> outer.protocol() == UDP)
        .flatMap(outer -> tunnelFrame(packet, outer));
  }

  private static Optional<TunnelFrame> tunnelFrame(byte[] packet, Ip outer) {
    int vxlan = outer.end() + UDP_HEADER;
    int frame = vxlan + VXLAN_HEADER;
    if (packet.length < frame + ETHERNET) {
      return Optional.empty();
    }
    int vni =
        (packet[vxlan + 4] & 0xff) << 16
            | (packet[vxlan + 5] & 0xff) << 8
            | packet[vxlan + 6] & 0xff;
    MacAddress to = MacAddress.ofBytes(Arrays.copyOfRange(packet, frame, frame + 6));
    return Optional.of(
        new TunnelFrame(
            outer.source().toString(), vni, to.toString(), outer.ecn() == CONGESTION, false));
  }

  private static Optional<EchoFrame> echo(byte[] packet, Ip ip, Optional<TunnelFrame> tunnel) {
    int at = ip.end();
    if (packet.length < at + ICMP_HEADER || ip.protocol() != ICMP && ip.protocol() != ICMPV6) {
      return Optional.empty();
    }
    int type = packet[at] & 0xff;
    boolean request = type == (ip.protocol() == ICMP ? 8 : 128);
    boolean reply = type == (ip.protocol() == ICMP ? 0 : 129);
    if (!request && !reply) {
      return Optional.empty();
    }
    int sequence = (packet[at + 6] & 0xff) << 8 | packet[at + 7] & 0xff;
    return EchoPayload.read(packet, at + ICMP_HEADER)
        .map(
            ours ->
                new EchoFrame(
                    ours.run(),
                    reply ? ip.destination() : ip.source(),
                    reply ? ip.source() : ip.destination(),
                    sequence,
                    ours.full(),
                    reply,
                    tunnel));
  }

  private static Optional<Ip> ip(byte[] packet, int at) {
    if (packet.length < at + 20) {
      return Optional.empty();
    }
    return switch (packet[at] >> 4 & 0x0f) {
      case 4 ->
          Optional.of(
              new Ip(
                  at + 4 * (packet[at] & 0x0f),
                  packet[at + 9] & 0xff,
                  address(packet, at + 12, 4),
                  address(packet, at + 16, 4),
                  packet[at + 1] & CONGESTION));
      case 6 ->
          packet.length < at + 40
              ? Optional.empty()
              : Optional.of(
                  new Ip(
                      at + 40,
                      packet[at + 6] & 0xff,
                      address(packet, at + 8, 16),
                      address(packet, at + 24, 16),
                      packet[at + 1] >> 4 & CONGESTION));
      default -> Optional.empty();
    };
  }

  private static IpAddress address(byte[] packet, int at, int length) {
    return IpAddress.ofBytes(Arrays.copyOfRange(packet, at, at + length));
  }
}
