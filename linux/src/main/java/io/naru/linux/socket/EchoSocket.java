package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;

/**
 * Sends ICMP echo requests (RFC 792, RFC 4443) that must not be fragmented, in the network
 * namespace of the thread that opened it. Answers are for taps to see. Needs CAP_NET_RAW.
 */
public final class EchoSocket implements AutoCloseable {
  /** bits/socket_type.h: SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK. */
  private static final int RAW = 3 | 0x80000 | 0x800;

  // linux/in.h and linux/in6.h
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_IPV6 = 41;
  private static final int IPPROTO_ICMPV6 = 58;
  private static final int IP_MTU_DISCOVER = 10;
  private static final int IPV6_MTU_DISCOVER = 23;

  /** IP_PMTUDISC_DO and IPV6_PMTUDISC_DO. */
  private static final int NEVER_FRAGMENT = 2;

  private static final int ECHO_REQUEST = 8;
  private static final int ECHO_REQUEST_6 = 128;
  private static final int HEADER = 8;

  private final OwnedDescriptor descriptor;
  private final boolean ipv4;

  private EchoSocket(OwnedDescriptor descriptor, boolean ipv4) {
    this.descriptor = descriptor;
    this.ipv4 = ipv4;
  }

  /** Opens a socket that sends from an address of this namespace. */
  public static EchoSocket open(IpAddress source) {
    boolean ipv4 = source.isIpv4();
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(
            SystemCalls.socket(
                ipv4 ? SocketAddressCodec.AF_INET : SocketAddressCodec.AF_INET6,
                RAW,
                ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6),
            "open a socket for ICMP");
    try (Arena arena = Arena.ofConfined()) {
      SystemCalls.check(
          SystemCalls.setsockopt(
              descriptor.number(),
              ipv4 ? IPPROTO_IP : IPPROTO_IPV6,
              ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
              NEVER_FRAGMENT),
          "forbid fragmentation");
      SystemCalls.check(
          SystemCalls.bind(descriptor.number(), SocketAddressCodec.write(arena, source, 0, 0)),
          "send ICMP from " + source);
      return new EchoSocket(descriptor, ipv4);
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  /**
   * Sends an echo request; refusals are those of {@link ProbeSocket#send}.
   *
   * @param identifier 16 bits
   * @param sequence 16 bits
   */
  public void send(IpAddress destination, int identifier, int sequence, byte[] data) {
    ByteBuffer packet = ByteBuffer.allocate(HEADER + data.length);
    packet.put((byte) (ipv4 ? ECHO_REQUEST : ECHO_REQUEST_6)).put((byte) 0).putShort((short) 0);
    packet.putShort((short) identifier).putShort((short) sequence).put(data);
    if (ipv4) { // in IPv6 the kernel does it, as the addresses count in
      packet.putShort(2, checksum(packet.array()));
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment bytes = arena.allocateFrom(ValueLayout.JAVA_BYTE, packet.array());
      SystemCalls.check(
          SystemCalls.sendto(
              descriptor.number(), bytes, 0, SocketAddressCodec.write(arena, destination, 0, 0)),
          "send an echo of " + data.length + " bytes to " + destination);
    }
  }

  /** RFC 1071. */
  private static short checksum(byte[] bytes) {
    long sum = 0;
    for (int i = 0; i < bytes.length; i += 2) {
      int low = i + 1 < bytes.length ? bytes[i + 1] & 0xff : 0;
      sum += (bytes[i] & 0xff) << 8 | low;
    }
    while (sum >> 16 != 0) {
      sum = (sum & 0xffff) + (sum >> 16);
    }
    return (short) ~sum;
  }

  @Override
  public void close() {
    descriptor.close();
  }
}
