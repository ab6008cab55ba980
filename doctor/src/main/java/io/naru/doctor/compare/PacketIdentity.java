package io.naru.doctor.compare;

import io.naru.observe.packet.IpPacket;
import io.naru.observe.packet.Transport;

/**
 * By what a packet is recognised at the other end, within its flow. Checksums are left out: where
 * an interface computes them, a machine captures its own packets before they are right. Where two
 * packets are alike, it is enough to count them.
 */
final class PacketIdentity {
  private PacketIdentity() {}

  static long of(IpPacket packet) {
    return switch (packet.transport()) {
      case Transport.Tcp tcp ->
          tcp.payload() > 0
              ? tcp.sequence() << 32 | (tcp.payload() & 0xff_ffffL) << 8 | tcp.flags() & 0x07
              : mixed(tcp.sequence() << 32 | tcp.acknowledgment(), tcp.flags());
      case Transport.Udp udp -> mixed(packet.identification(), udp.length());
      case Transport.Icmp icmp ->
          mixed(icmp.rest() << 16 | icmp.type() << 8 | icmp.code(), packet.length());
      case Transport.LaterFragment _ ->
          mixed(
              packet.identification(), packet.fragment().map(IpPacket.Fragment::offset).orElse(0));
      case Transport.IpInIp _, Transport.Other _, Transport.Unreadable _ ->
          mixed(packet.identification(), packet.length());
    };
  }

  private static long mixed(long first, long second) {
    long value = (first * 0x9e37_79b9_7f4a_7c15L) ^ (second * 0xc2b2_ae3d_27d4_eb4fL);
    return value ^ value >>> 29;
  }
}
