package io.naru.observe.tap;

import io.naru.core.address.IpAddress;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import java.util.Arrays;
import java.util.Optional;

/** Hears the ICMP errors that come in by an interface. */
public final class IcmpErrors {
  private static final int ETHERNET = 14;
  private static final int TCP = 6;
  private static final int UDP = 17;

  private IcmpErrors() {}

  public static Listening<IcmpError> on(String interfaceName) {
    return Listening.on(
        interfaceName, BpfPrograms.icmpErrors(LinkHeader.ETHERNET), IcmpErrors::parse);
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
                address(frame, quoted + 16, 4),
                port(frame, frame[quoted + 9], quoted + 4 * (frame[quoted] & 0x0f))));
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
                address(frame, quoted + 24, 16),
                port(frame, frame[quoted + 6], quoted + 40)));
  }

  /** The destination port of a quoted UDP or TCP packet. */
  private static int port(byte[] frame, int protocol, int at) {
    return (protocol == UDP || protocol == TCP) && frame.length >= at + 4
        ? (frame[at + 2] & 0xff) << 8 | frame[at + 3] & 0xff
        : 0;
  }

  private static String address(byte[] frame, int at, int length) {
    return IpAddress.ofBytes(Arrays.copyOfRange(frame, at, at + length)).toString();
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
