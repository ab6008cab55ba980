package io.naru.observe.packet;

import java.util.Optional;
import java.util.Set;

/** Reads IP packets and what they carry. */
final class IpDecoder {
  /** The depth of a packet that is in no other. */
  static final int OUTERMOST = 0;

  /** A packet inside so many others is not looked into. */
  private static final int DEEPEST = 3;

  private static final int IPV6_HEADER = 40;
  private static final int MOST_EXTENSION_HEADERS = 8;
  // IANA, Assigned Internet Protocol Numbers
  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int FRAGMENT = 44;
  private static final int DESTINATION_OPTIONS = 60;

  private static final int UDP_HEADER = 8;
  private static final int TCP_HEADER = 20;
  private static final int ICMP_HEADER = 8;
  private static final int VXLAN_HEADER = 8;

  private final Set<Integer> vxlanPorts;

  IpDecoder(Set<Integer> vxlanPorts) {
    this.vxlanPorts = vxlanPorts;
  }

  /** The packet, if the bytes hold at least the fixed part of its header. */
  Optional<IpPacket> decode(Octets bytes, int depth, FrameDecoder frames) {
    if (!bytes.has(0, 1) || depth > DEEPEST) {
      return Optional.empty();
    }
    return switch (bytes.eight(0) >> 4) {
      case 4 -> ipv4(bytes, depth, frames);
      case 6 -> ipv6(bytes, depth, frames);
      default -> Optional.empty();
    };
  }

  private Optional<IpPacket> ipv4(Octets bytes, int depth, FrameDecoder frames) {
    int header = (bytes.eight(0) & 0x0f) * 4;
    if (header < 20 || !bytes.has(0, 20)) {
      return Optional.empty();
    }
    // 0 where the kernel left the length of a large packet to the interface.
    int length = bytes.sixteen(2) == 0 ? bytes.length() : bytes.sixteen(2);
    int flags = bytes.sixteen(6);
    int offset = (flags & 0x1fff) * 8;
    boolean more = (flags & 0x2000) != 0;
    int protocol = bytes.eight(9);
    Octets payload = bytes.first(length).from(header);
    return Optional.of(
        new IpPacket(
            bytes.ipv4(12),
            bytes.ipv4(16),
            bytes.eight(1),
            length,
            bytes.eight(8),
            protocol,
            bytes.sixteen(4),
            (flags & 0x4000) != 0,
            offset > 0 || more
                ? Optional.of(new IpPacket.Fragment(offset, more))
                : Optional.empty(),
            offset > 0
                ? new Transport.LaterFragment()
                : transport(protocol, payload, length - header, depth, frames)));
  }

  private Optional<IpPacket> ipv6(Octets bytes, int depth, FrameDecoder frames) {
    if (!bytes.has(0, IPV6_HEADER)) {
      return Optional.empty();
    }
    int carried = bytes.sixteen(4) == 0 ? bytes.length() - IPV6_HEADER : bytes.sixteen(4);
    int length = IPV6_HEADER + carried;
    Octets whole = bytes.first(length);
    int protocol = bytes.eight(6);
    int at = IPV6_HEADER;
    long identification = 0;
    Optional<IpPacket.Fragment> fragment = Optional.empty();
    for (int i = 0; i < MOST_EXTENSION_HEADERS && isExtension(protocol); i++) {
      if (!whole.has(at, 8)) {
        break;
      }
      int next = whole.eight(at);
      if (protocol == FRAGMENT) {
        int field = whole.sixteen(at + 2);
        fragment = Optional.of(new IpPacket.Fragment(field & 0xfff8, (field & 1) != 0));
        identification = whole.thirtyTwo(at + 4);
        at += 8;
      } else {
        at += (whole.eight(at + 1) + 1) * 8;
      }
      protocol = next;
      if (fragment.isPresent() && fragment.get().offset() > 0) {
        break;
      }
    }
    boolean later = fragment.isPresent() && fragment.get().offset() > 0;
    return Optional.of(
        new IpPacket(
            bytes.ipv6(8),
            bytes.ipv6(24),
            bytes.sixteen(0) >> 4 & 0xff,
            length,
            bytes.eight(7),
            protocol,
            identification,
            true,
            fragment,
            later
                ? new Transport.LaterFragment()
                : transport(protocol, whole.from(at), length - at, depth, frames)));
  }

  private static boolean isExtension(int protocol) {
    return protocol == HOP_BY_HOP
        || protocol == ROUTING
        || protocol == FRAGMENT
        || protocol == DESTINATION_OPTIONS;
  }

  private Transport transport(
      int protocol, Octets bytes, int length, int depth, FrameDecoder frames) {
    return switch (protocol) {
      case IpPacket.PROTOCOL_UDP -> udp(bytes, depth, frames);
      case IpPacket.PROTOCOL_TCP -> tcp(bytes, length);
      case IpPacket.PROTOCOL_ICMP -> icmp(bytes, false, depth, frames);
      case IpPacket.PROTOCOL_ICMPV6 -> icmp(bytes, true, depth, frames);
      case IpPacket.PROTOCOL_IPV4, IpPacket.PROTOCOL_IPV6 ->
          decode(bytes, depth + 1, frames)
              .<Transport>map(Transport.IpInIp::new)
              .orElseGet(() -> new Transport.Unreadable("no packet inside"));
      default -> new Transport.Other();
    };
  }

  private Transport udp(Octets bytes, int depth, FrameDecoder frames) {
    if (!bytes.has(0, UDP_HEADER)) {
      return new Transport.Unreadable("cut within the UDP header");
    }
    int destinationPort = bytes.sixteen(2);
    Optional<Vxlan> vxlan =
        vxlanPorts.contains(destinationPort) && depth == OUTERMOST
            ? vxlan(bytes.from(UDP_HEADER), depth, frames)
            : Optional.empty();
    return new Transport.Udp(
        bytes.sixteen(0), destinationPort, bytes.sixteen(4), bytes.sixteen(6), vxlan);
  }

  private static Optional<Vxlan> vxlan(Octets bytes, int depth, FrameDecoder frames) {
    if (!bytes.has(0, VXLAN_HEADER)) {
      return Optional.empty();
    }
    return Optional.of(
        new Vxlan(
            bytes.eight(0),
            (int) (bytes.thirtyTwo(4) >> 8),
            frames.ethernet(bytes.from(VXLAN_HEADER), depth + 1)));
  }

  private static Transport tcp(Octets bytes, int length) {
    if (!bytes.has(0, TCP_HEADER)) {
      return new Transport.Unreadable("cut within the TCP header");
    }
    int header = (bytes.eight(12) >> 4) * 4;
    if (header < TCP_HEADER) {
      return new Transport.Unreadable("a TCP header of " + header + " bytes");
    }
    return new Transport.Tcp(
        bytes.sixteen(0),
        bytes.sixteen(2),
        bytes.thirtyTwo(4),
        bytes.thirtyTwo(8),
        bytes.eight(13),
        Math.max(length - header, 0));
  }

  private Transport icmp(Octets bytes, boolean version6, int depth, FrameDecoder frames) {
    if (!bytes.has(0, ICMP_HEADER)) {
      return new Transport.Unreadable("cut within the ICMP header");
    }
    Transport.Icmp head =
        new Transport.Icmp(
            version6, bytes.eight(0), bytes.eight(1), bytes.thirtyTwo(4), Optional.empty());
    return head.isError()
        ? new Transport.Icmp(
            version6,
            head.type(),
            head.code(),
            head.rest(),
            depth < DEEPEST ? quoted(bytes.from(ICMP_HEADER), frames) : Optional.empty())
        : head;
  }

  /** What is inside the quoted packet does not matter, and is often cut. */
  private Optional<IpPacket> quoted(Octets bytes, FrameDecoder frames) {
    return decode(bytes, DEEPEST, frames);
  }
}
