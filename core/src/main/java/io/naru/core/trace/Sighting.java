package io.naru.core.trace;

import io.naru.core.address.IpAddress;
import java.util.Objects;
import java.util.Optional;

/**
 * A packet of a trace at a tap.
 *
 * @param tap where
 * @param probe which probe it is, or is about, from 0
 * @param kind what it is
 * @param nanoseconds when the node's kernel saw it, by the node's clock
 * @param header of the packet itself
 * @param tunnel of the VXLAN packet around it
 * @param says what an error says, like {@code port unreachable}; else empty
 */
public record Sighting(
    Tap tap,
    int probe,
    Kind kind,
    long nanoseconds,
    Header header,
    Optional<Tunnel> tunnel,
    String says) {
  /** What a packet is in a trace. */
  public enum Kind {
    REQUEST,
    /** An echo reply, a datagram, a SYN-ACK. */
    ANSWER,
    /** A RST, or ICMP port unreachable from the destination itself. */
    REFUSAL,
    /** An ICMP error of anybody else. */
    ERROR
  }

  /** The outer header of RFC 7348, and its network identifier. */
  public record Tunnel(Header outer, int vni) {}

  public Sighting {
    Objects.requireNonNull(tap, "tap is missing");
    Objects.requireNonNull(kind, "kind is missing");
    Objects.requireNonNull(header, "header is missing");
  }

  /** Who sent it. */
  public IpAddress sender() {
    return header.source();
  }
}
