package io.naru.doctor.capture;

import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import java.util.List;
import java.util.OptionalLong;

/**
 * A packet in a capture file.
 *
 * @param number its place in the file, from 1
 * @param nanoseconds when it was captured, since 1970 by that machine's clock; absent where the
 *     file does not say
 * @param interfaceName where it was captured, or empty
 * @param originalLength bytes on the wire; no less than what was captured
 * @param bytes as captured, perhaps cut
 * @param direction which way it went, where the file says so beside the packet
 * @param comments what somebody wrote to it
 */
public record CapturedPacket(
    long number,
    OptionalLong nanoseconds,
    String interfaceName,
    LinkType linkType,
    long originalLength,
    Octets bytes,
    FrameDirection direction,
    List<String> comments) {
  public CapturedPacket {
    comments = List.copyOf(comments);
  }
}
