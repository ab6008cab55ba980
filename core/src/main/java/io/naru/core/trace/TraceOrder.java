package io.naru.core.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.HexFormat;
import java.util.Objects;

/**
 * What both ends of a trace are told: what is sent, and how it is known again.
 *
 * @param marker 16 hexadecimal digits that no other traffic carries
 * @param source the probes' source address
 * @param destination the probes' destination address
 * @param port of UDP or TCP; 0 for an echo
 * @param size bytes of the whole IP packet of a probe; 0 for the smallest
 * @param count how many probes
 * @param rules whether nftables is to tell which rule drops them
 */
public record TraceOrder(
    String marker,
    TraceEnd from,
    TraceEnd to,
    IpAddress source,
    IpAddress destination,
    ProbeKind kind,
    int port,
    int size,
    int count,
    boolean rules) {
  /** Bytes of a marker. */
  public static final int MARKER_BYTES = 8;

  /** More probes than these are no trace but a load. */
  public static final int MOST_PROBES = 10;

  private static final int LARGEST = 65_000;

  public TraceOrder {
    Objects.requireNonNull(from, "from is missing");
    Objects.requireNonNull(to, "to is missing");
    Objects.requireNonNull(kind, "kind is missing");
    if (!marker.matches("[0-9a-f]{16}")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a trace's marker must be 16 hexadecimal digits");
    }
    if (source.family() != destination.family()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, source + " and " + destination + " are not of one family");
    }
    boolean needsPort = kind != ProbeKind.ECHO;
    if (needsPort ? port < 1 || port > 65535 : port != 0) {
      throw new NaruException(ErrorCode.BAD_INPUT, port + " is no port: use 1 to 65535");
    }
    int least = destination.isIpv4() ? 20 + 8 + 9 : 40 + 8 + 9;
    if (size != 0 && (size < least || size > LARGEST)) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "a probe can have from " + least + " to " + LARGEST + " bytes, not " + size);
    }
    if (size != 0 && kind == ProbeKind.TCP) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "a TCP probe is a connection's first packet, whose size is given; use --udp or no port"
              + " with --size");
    }
    if (count < 1 || count > MOST_PROBES) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "a trace sends from 1 to " + MOST_PROBES + " probes");
    }
  }

  /** The bytes of the marker. */
  public byte[] markerBytes() {
    return HexFormat.of().parseHex(marker);
  }

  /** The same once more, with another marker, and the packet filters' rules told. */
  public TraceOrder withRules(String newMarker) {
    return new TraceOrder(newMarker, from, to, source, destination, kind, port, size, count, true);
  }

  /** Whether both ends are on one node. */
  public boolean isOnOneNode() {
    return from.node().isPresent() && from.node().equals(to.node());
  }

  /** What is sent, as people say it. */
  public String what() {
    return switch (kind) {
      case ECHO -> "ICMP echo";
      case UDP -> "UDP " + port;
      case TCP -> "TCP " + port;
    };
  }
}
