package io.naru.observe.packet;

import io.naru.core.address.IpAddress;
import java.util.Arrays;
import java.util.Optional;

/**
 * An IP header in the midst of a packet, where that is all that is wanted; {@link FrameDecoder}
 * reads whole packets.
 *
 * @param end where it ends, in bytes of the packet; it may be beyond what was captured
 * @param protocol what follows, by IANA's number; of IPv6 the next header
 * @param source who sent it
 * @param destination whom it is for
 * @param ecn two bits about congestion (RFC 3168, section 5)
 */
public record IpHeader(int end, int protocol, IpAddress source, IpAddress destination, int ecn) {
  private static final int ECN = 3;

  /**
   * Reads it; what is cut short or of neither family is none.
   *
   * @param at where it begins
   */
  public static Optional<IpHeader> at(byte[] packet, int at) {
    if (packet.length < at + 20) {
      return Optional.empty();
    }
    return switch (packet[at] >> 4 & 0x0f) {
      case 4 ->
          Optional.of(
              new IpHeader(
                  at + 4 * (packet[at] & 0x0f),
                  packet[at + 9] & 0xff,
                  address(packet, at + 12, 4),
                  address(packet, at + 16, 4),
                  packet[at + 1] & ECN));
      case 6 ->
          packet.length < at + 40
              ? Optional.empty()
              : Optional.of(
                  new IpHeader(
                      at + 40,
                      packet[at + 6] & 0xff,
                      address(packet, at + 8, 16),
                      address(packet, at + 24, 16),
                      packet[at + 1] >> 4 & ECN));
      default -> Optional.empty();
    };
  }

  /** Whether a router on the way was congested: both bits. */
  public boolean congested() {
    return ecn == ECN;
  }

  private static IpAddress address(byte[] packet, int at, int length) {
    return IpAddress.ofBytes(Arrays.copyOfRange(packet, at, at + length));
  }
}
