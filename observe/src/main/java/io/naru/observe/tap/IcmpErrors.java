package io.naru.observe.tap;

import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.TappedPacket;
import io.naru.observe.packet.IpHeader;
import java.util.Optional;

/** Hears the ICMP errors that come in by an interface. */
public final class IcmpErrors {
  private static final int ETHERNET = 14;
  private static final int ICMP_HEADER = 8;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private IcmpErrors() {}

  public static Listening<IcmpError> on(String interfaceName) {
    return Listening.on(
        interfaceName,
        BpfPrograms.icmpErrors(LinkHeader.ETHERNET),
        packet ->
            packet.direction() == TappedPacket.Direction.INGRESS
                ? parse(packet.bytes())
                : Optional.empty());
  }

  /** An ICMP error in an Ethernet frame; what is cut short is none. */
  static Optional<IcmpError> parse(byte[] frame) {
    return IpHeader.at(frame, ETHERNET)
        .flatMap(
            outer ->
                IpHeader.at(frame, outer.end() + ICMP_HEADER)
                    .filter(quoted -> quoted.source().family() == outer.source().family())
                    .map(quoted -> error(frame, outer, quoted)));
  }

  private static IcmpError error(byte[] frame, IpHeader outer, IpHeader quoted) {
    int type = frame[outer.end()] & 0xff;
    int code = frame[outer.end() + 1] & 0xff;
    return new IcmpError(
        outer.source().toString(),
        outer.source().isIpv4() ? meaning4(type, code) : meaning6(type, code),
        quoted.destination().toString(),
        port(frame, quoted.protocol(), quoted.end()));
  }

  /** The destination port of a quoted UDP or TCP packet. */
  private static int port(byte[] frame, int protocol, int at) {
    return (protocol == UDP || protocol == TCP) && frame.length >= at + 4
        ? (frame[at + 2] & 0xff) << 8 | frame[at + 3] & 0xff
        : 0;
  }

  /** RFC 792 and RFC 1812, section 5.2.7.1. */
  public static String meaning4(int type, int code) {
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
  public static String meaning6(int type, int code) {
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
}
