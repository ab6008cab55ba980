package io.naru.doctor;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.nio.ByteBuffer;

/** Builds frames, from the inside out. Checksums stay zero: nothing here reads them. */
public final class Frames {
  private Frames() {}

  public static final MacAddress MAC_1 = MacAddress.parse("02:00:00:00:00:01");
  public static final MacAddress MAC_2 = MacAddress.parse("02:00:00:00:00:02");

  public static byte[] ethernet(MacAddress source, MacAddress destination, byte[] ip) {
    return ByteBuffer.allocate(14 + ip.length)
        .put(destination.toBytes())
        .put(source.toBytes())
        .putShort((short) (ip[0] >> 4 == 4 ? 0x0800 : 0x86dd))
        .put(ip)
        .array();
  }

  /** Linux cooked v1, sent by this machine or come to it. */
  public static byte[] cooked(boolean out, byte[] ip) {
    return ByteBuffer.allocate(16 + ip.length)
        .putShort((short) (out ? 4 : 0))
        .putShort((short) 1)
        .putShort((short) 6)
        .putLong(0)
        .putShort((short) (ip[0] >> 4 == 4 ? 0x0800 : 0x86dd))
        .put(ip)
        .array();
  }

  /** Linux cooked v2. */
  public static byte[] cooked2(boolean out, byte[] ip) {
    return ByteBuffer.allocate(20 + ip.length)
        .putShort((short) (ip[0] >> 4 == 4 ? 0x0800 : 0x86dd))
        .putShort((short) 0)
        .putInt(3)
        .putShort((short) 1)
        .put((byte) (out ? 4 : 0))
        .put((byte) 6)
        .putLong(0)
        .put(ip)
        .array();
  }

  public static byte[] ip(
      IpAddress source, IpAddress destination, int protocol, int id, byte[] payload) {
    return ip(source, destination, protocol, id, 0, 0x4000, payload);
  }

  /** IPv4 or IPv6; the latter has neither identification nor fragment field here. */
  public static byte[] ip(
      IpAddress source,
      IpAddress destination,
      int protocol,
      int id,
      int trafficClass,
      int fragment,
      byte[] payload) {
    if (source.isIpv6()) {
      return ByteBuffer.allocate(40 + payload.length)
          .putInt(0x6000_0000 | trafficClass << 20)
          .putShort((short) payload.length)
          .put((byte) protocol)
          .put((byte) 64)
          .put(source.toBytes())
          .put(destination.toBytes())
          .put(payload)
          .array();
    }
    return ByteBuffer.allocate(20 + payload.length)
        .put((byte) 0x45)
        .put((byte) trafficClass)
        .putShort((short) (20 + payload.length))
        .putShort((short) id)
        .putShort((short) fragment)
        .put((byte) 64)
        .put((byte) protocol)
        .putShort((short) 0)
        .put(source.toBytes())
        .put(destination.toBytes())
        .put(payload)
        .array();
  }

  public static byte[] udp(int sourcePort, int destinationPort, byte[] payload) {
    return ByteBuffer.allocate(8 + payload.length)
        .putShort((short) sourcePort)
        .putShort((short) destinationPort)
        .putShort((short) (8 + payload.length))
        .putShort((short) 0)
        .put(payload)
        .array();
  }

  public static byte[] tcp(
      int sourcePort, int destinationPort, long sequence, long ack, int flags, int payload) {
    return ByteBuffer.allocate(20 + payload)
        .putShort((short) sourcePort)
        .putShort((short) destinationPort)
        .putInt((int) sequence)
        .putInt((int) ack)
        .put((byte) 0x50)
        .put((byte) flags)
        .putShort((short) 1000)
        .putInt(0)
        .array();
  }

  public static byte[] echo(boolean reply, int id, int sequence, int payload) {
    return ByteBuffer.allocate(8 + payload)
        .put((byte) (reply ? 0 : 8))
        .put((byte) 0)
        .putShort((short) 0)
        .putShort((short) id)
        .putShort((short) sequence)
        .array();
  }

  /** ICMP destination unreachable about a packet. */
  public static byte[] unreachable(int code, byte[] about) {
    int quoted = Math.min(about.length, 28);
    return ByteBuffer.allocate(8 + quoted)
        .put((byte) 3)
        .put((byte) code)
        .putShort((short) 0)
        .putInt(0)
        .put(about, 0, quoted)
        .array();
  }

  public static byte[] vxlan(int vni, byte[] innerIp) {
    byte[] inner = ethernet(MAC_2, MAC_1, innerIp);
    return ByteBuffer.allocate(8 + inner.length)
        .putInt(0x0800_0000)
        .putInt(vni << 8)
        .put(inner)
        .array();
  }
}
