package io.naru.observe.echo;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.observe.packet.IpHeader;
import io.naru.observe.tap.TunnelFrames;
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
  private static final int ICMP_HEADER = 8;
  private static final int ICMP = 1;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;

  /**
   * An echo in a packet; what is cut short or another one's is none.
   *
   * @param link length of the link-layer header: 14 or 0
   */
  static Optional<EchoFrame> parse(byte[] packet, int link) {
    return IpHeader.at(packet, link)
        .flatMap(
            outer ->
                outer.protocol() == UDP
                    ? inner(packet, outer)
                    : echo(packet, outer, Optional.empty()));
  }

  private static Optional<EchoFrame> inner(byte[] packet, IpHeader outer) {
    return TunnelFrames.within(packet, outer, false)
        .flatMap(
            tunnel ->
                IpHeader.at(packet, TunnelFrames.innerIp(outer))
                    .flatMap(ip -> echo(packet, ip, Optional.of(tunnel))));
  }

  private static Optional<EchoFrame> echo(
      byte[] packet, IpHeader ip, Optional<TunnelFrame> tunnel) {
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
}
