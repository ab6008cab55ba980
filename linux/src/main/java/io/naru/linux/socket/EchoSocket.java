package io.naru.linux.socket;

import io.naru.core.address.IpAddress;
import io.naru.linux.call.KernelException;
import io.naru.linux.call.OwnedDescriptor;
import io.naru.linux.call.SystemCalls;
import io.naru.linux.socket.ProbeOptions.Fragmentation;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.time.Duration;
import java.util.Optional;

/**
 * Asks for ICMP echoes (RFC 792, RFC 4443) in the network namespace of the thread that opened it.
 * This host never fragments its packets. One thread receives, others may send or close. Needs
 * CAP_NET_RAW.
 */
public final class EchoSocket implements AutoCloseable {
  /** bits/socket_type.h: SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK. */
  private static final int RAW = 3 | 0x80000 | 0x800;

  // linux/in.h and linux/in6.h
  private static final int IPPROTO_ICMP = 1;
  private static final int IPPROTO_ICMPV6 = 58;

  private static final int HEADER = 8;

  private final OpenSocket socket;
  private final boolean ipv4;

  private EchoSocket(OpenSocket socket, boolean ipv4) {
    this.socket = socket;
    this.ipv4 = ipv4;
  }

  /** Opens a socket that sends from an address of this namespace. */
  public static EchoSocket open(IpAddress source) {
    return open(source, Fragmentation.FORBIDDEN);
  }

  /**
   * Opens a socket that no learned path MTU holds back.
   *
   * @param source 0.0.0.0 or :: lets routing choose
   */
  public static EchoSocket openProbing(IpAddress source) {
    return open(source, Fragmentation.PROBING);
  }

  private static EchoSocket open(IpAddress source, Fragmentation fragmentation) {
    boolean ipv4 = source.isIpv4();
    OwnedDescriptor descriptor =
        OwnedDescriptor.of(
            SystemCalls.socket(
                ipv4 ? SocketAddressCodec.AF_INET : SocketAddressCodec.AF_INET6,
                RAW,
                ipv4 ? IPPROTO_ICMP : IPPROTO_ICMPV6),
            "open a socket for ICMP echoes");
    try (Arena arena = Arena.ofConfined()) {
      OpenSocket.set(descriptor.number(), source, fragmentation);
      SystemCalls.check(
          SystemCalls.bind(descriptor.number(), SocketAddressCodec.write(arena, source, 0, 0)),
          "send echoes from " + source);
      return new EchoSocket(new OpenSocket(descriptor, "the socket for echoes"), ipv4);
    } catch (RuntimeException failure) {
      descriptor.close();
      throw failure;
    }
  }

  /**
   * An answer.
   *
   * @param source who answered
   * @param identifier the request's identifier
   * @param sequence the request's number
   */
  public record Answer(IpAddress source, int identifier, int sequence) {}

  /**
   * Sends one request. Refused with a {@link KernelException}: EMSGSIZE when it is larger than the
   * interface carries, EPERM when a packet filter of this host dropped it, EHOSTUNREACH and
   * ENETUNREACH without a route.
   *
   * @param identifier 16 bits
   * @param sequence 16 bits
   */
  public void send(IpAddress destination, int identifier, int sequence, byte[] payload) {
    byte[] message = new byte[HEADER + payload.length];
    message[0] = (byte) (ipv4 ? 8 : 128);
    message[4] = (byte) (identifier >> 8);
    message[5] = (byte) identifier;
    message[6] = (byte) (sequence >> 8);
    message[7] = (byte) sequence;
    System.arraycopy(payload, 0, message, HEADER, payload.length);
    if (ipv4) { // of ICMPv6 the kernel itself makes the checksum (RFC 3542, section 3.1)
      int checksum = checksum(message);
      message[2] = (byte) (checksum >> 8);
      message[3] = (byte) checksum;
    }
    socket.send(destination, 0, message, "send an echo request to " + destination);
  }

  /** RFC 1071. */
  static int checksum(byte[] message) {
    int sum = 0;
    for (int i = 0; i < message.length; i++) {
      sum += (message[i] & 0xff) << ((i & 1) == 0 ? 8 : 0);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return ~sum & 0xffff;
  }

  /** Waits for an answer, on a platform thread; empty when time ran out or this was closed. */
  public Optional<Answer> receive(Duration timeout) {
    return socket.receive(
        timeout,
        (got, buffer, source) ->
            got < 0
                ? Optional.empty() // an ICMP error about an earlier request, told once
                : read(
                    SocketAddressCodec.address(source),
                    buffer.asSlice(0, Math.min(got, 128)).toArray(ValueLayout.JAVA_BYTE)));
  }

  private Optional<Answer> read(IpAddress source, byte[] packet) {
    // raw(7): with the IP header in IPv4, without it in IPv6.
    int at = ipv4 && packet.length > 0 ? 4 * (packet[0] & 0x0f) : 0;
    if (packet.length < at + HEADER || packet[at] != (byte) (ipv4 ? 0 : 129)) {
      return Optional.empty();
    }
    return Optional.of(new Answer(source, number(packet, at + 4), number(packet, at + 6)));
  }

  private static int number(byte[] packet, int at) {
    return (packet[at] & 0xff) << 8 | packet[at + 1] & 0xff;
  }

  /** Ends a wait in another thread and closes the socket. */
  @Override
  public void close() {
    socket.close();
  }
}
