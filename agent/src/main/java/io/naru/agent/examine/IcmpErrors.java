package io.naru.agent.examine;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.error.NaruException;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Hears the ICMP errors that come in by an interface. */
final class IcmpErrors implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int ETHERNET = 14;
  private static final int MOST = 100;

  private final PacketTap tap;
  private final Set<IcmpError> heard = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private IcmpErrors(PacketTap tap) {
    this.tap = tap;
    Thread.ofPlatform().daemon().name("naru-icmp").start(this::listen);
  }

  static IcmpErrors on(String interfaceName) {
    return new IcmpErrors(
        PacketTap.open(interfaceName, BpfPrograms.icmpErrors(LinkHeader.ETHERNET)));
  }

  private void listen() {
    while (!closed) {
      try {
        tap.receive(POLL)
            .filter(packet -> packet.direction() == TappedPacket.Direction.INGRESS)
            .flatMap(packet -> parse(packet.bytes()))
            .filter(error -> heard.size() < MOST)
            .ifPresent(heard::add);
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  /** An ICMP error in an Ethernet frame; what is cut short is none. */
  static Optional<IcmpError> parse(byte[] frame) {
    if (frame.length < ETHERNET + 1) {
      return Optional.empty();
    }
    return switch (frame[ETHERNET] >> 4 & 0x0f) {
      case 4 -> ipv4(frame, ETHERNET);
      case 6 -> ipv6(frame, ETHERNET);
      default -> Optional.empty();
    };
  }

  private static Optional<IcmpError> ipv4(byte[] frame, int at) {
    int icmp = at + 4 * (frame[at] & 0x0f);
    int quoted = icmp + 8;
    return frame.length < quoted + 20
        ? Optional.empty()
        : Optional.of(
            new IcmpError(
                address(frame, at + 12, 4),
                meaning4(frame[icmp] & 0xff, frame[icmp + 1] & 0xff),
                address(frame, quoted + 16, 4)));
  }

  private static Optional<IcmpError> ipv6(byte[] frame, int at) {
    int icmp = at + 40;
    int quoted = icmp + 8;
    return frame.length < quoted + 40
        ? Optional.empty()
        : Optional.of(
            new IcmpError(
                address(frame, at + 8, 16),
                meaning6(frame[icmp] & 0xff, frame[icmp + 1] & 0xff),
                address(frame, quoted + 24, 16)));
  }

  private static String address(byte[] frame, int at, int length) {
    return IpAddress.ofBytes(Arrays.copyOfRange(frame, at, at + length)).toString();
  }

  /** RFC 792 and RFC 1812, section 5.2.7.1. */
  private static String meaning4(int type, int code) {
    return switch (type) {
      case 3 ->
          switch (code) {
            case 0 -> "network unreachable";
            case 1 -> "host unreachable";
            case 3 -> "port unreachable";
            case 4 -> "too big, and must not be fragmented";
            case 9, 10, 13 -> "administratively prohibited";
            default -> "unreachable, code " + code;
          };
      case 11 -> "time to live exceeded";
      default -> "ICMP type " + type + ", code " + code;
    };
  }

  /** RFC 4443, section 3. */
  private static String meaning6(int type, int code) {
    return switch (type) {
      case 1 ->
          switch (code) {
            case 0 -> "network unreachable";
            case 1, 5, 6 -> "administratively prohibited";
            case 3 -> "host unreachable";
            case 4 -> "port unreachable";
            default -> "unreachable, code " + code;
          };
      case 2 -> "too big, and must not be fragmented";
      case 3 -> "time to live exceeded";
      default -> "ICMPv6 type " + type + ", code " + code;
    };
  }

  List<IcmpError> heard() {
    return List.copyOf(heard);
  }

  @Override
  public void close() {
    closed = true;
    tap.close();
  }
}
