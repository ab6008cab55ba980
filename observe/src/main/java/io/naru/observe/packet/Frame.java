package io.naru.observe.packet;

import io.naru.core.address.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * A frame, as far as it could be read.
 *
 * @param source sender's link-layer address, where the capture has it
 * @param destination receiver's, where the capture has it
 * @param direction which way it went, where the link type says so
 * @param vlans identifiers of its VLAN tags (IEEE 802.1Q), the outer first
 * @param packet the IP packet in it, if there is one
 */
public record Frame(
    Optional<MacAddress> source,
    Optional<MacAddress> destination,
    FrameDirection direction,
    List<Integer> vlans,
    Optional<IpPacket> packet) {
  public Frame {
    vlans = List.copyOf(vlans);
  }
}
