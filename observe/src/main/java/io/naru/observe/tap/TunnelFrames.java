package io.naru.observe.tap;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.TappedPacket;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;

/** Reads the headers of the tunnel's frames that come in by an interface and carry probes. */
public final class TunnelFrames {
  private static final int ETHERNET = 14;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_HEADER = 8; // RFC 7348, section 5

  /** Congestion experienced (RFC 3168, section 5): both bits. */
  private static final int CONGESTION = 3;

  private TunnelFrames() {}

  public static Listening<TunnelFrame> on(String interfaceName, int vxlanPort) {
    return Listening.on(
        interfaceName,
        BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, ProbePacket.PORT),
        packet ->
            packet.direction() == TappedPacket.Direction.INGRESS
                ? parse(packet.bytes(), packet.toOtherHost())
                : Optional.empty());
  }

  /** The headers of a VXLAN frame; what is cut short has none. */
  static Optional<TunnelFrame> parse(byte[] frame, boolean toOtherHost) {
    if (frame.length < ETHERNET + 20) {
      return Optional.empty();
    }
    boolean ipv6 = (frame[ETHERNET] >> 4 & 0x0f) == 6;
    int udp = ETHERNET + (ipv6 ? 40 : 4 * (frame[ETHERNET] & 0x0f));
    int vxlan = udp + UDP_HEADER;
    if (frame.length < vxlan + VXLAN_HEADER + 6) {
      return Optional.empty();
    }
    byte[] source =
        ipv6
            ? Arrays.copyOfRange(frame, ETHERNET + 8, ETHERNET + 24)
            : Arrays.copyOfRange(frame, ETHERNET + 12, ETHERNET + 16);
    int ecn = ipv6 ? frame[ETHERNET + 1] >> 4 & CONGESTION : frame[ETHERNET + 1] & CONGESTION;
    int vni =
        (frame[vxlan + 4] & 0xff) << 16 | (frame[vxlan + 5] & 0xff) << 8 | frame[vxlan + 6] & 0xff;
    int inner = vxlan + VXLAN_HEADER;
    MacAddress destination =
        MacAddress.parse(
            HexFormat.ofDelimiter(":").formatHex(Arrays.copyOfRange(frame, inner, inner + 6)));
    return Optional.of(
        new TunnelFrame(
            IpAddress.ofBytes(source).toString(),
            vni,
            destination.toString(),
            ecn == CONGESTION,
            toOtherHost));
  }
}
