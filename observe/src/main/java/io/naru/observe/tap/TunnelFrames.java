package io.naru.observe.tap;

import io.naru.core.address.MacAddress;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.TappedPacket;
import io.naru.observe.packet.IpHeader;
import java.util.Arrays;
import java.util.Optional;

/** Reads the headers of the tunnel's frames that come in by an interface and carry probes. */
public final class TunnelFrames {
  private static final int ETHERNET = 14;
  private static final int UDP = 17;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_HEADER = 8; // RFC 7348, section 5

  private TunnelFrames() {}

  public static Listening<TunnelFrame> on(String interfaceName, int vxlanPort) {
    return Listening.on(
        interfaceName,
        BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, ProbePacket.PORT),
        packet ->
            packet.direction() == TappedPacket.Direction.INGRESS
                ? parse(packet.bytes(), ETHERNET, packet.toOtherHost())
                : Optional.empty());
  }

  /**
   * The headers of a tunnel's frame, whatever it carries; what is cut short has none.
   *
   * @param link length of the link-layer header
   */
  public static Optional<TunnelFrame> parse(byte[] packet, int link, boolean toOtherHost) {
    return IpHeader.at(packet, link)
        .filter(outer -> outer.protocol() == UDP)
        .flatMap(outer -> within(packet, outer, toOtherHost));
  }

  /** The same within an outer header that was read already. */
  public static Optional<TunnelFrame> within(byte[] packet, IpHeader outer, boolean toOtherHost) {
    int vxlan = outer.end() + UDP_HEADER;
    int frame = vxlan + VXLAN_HEADER;
    if (packet.length < frame + ETHERNET) {
      return Optional.empty();
    }
    int vni =
        (packet[vxlan + 4] & 0xff) << 16
            | (packet[vxlan + 5] & 0xff) << 8
            | packet[vxlan + 6] & 0xff;
    MacAddress to = MacAddress.ofBytes(Arrays.copyOfRange(packet, frame, frame + 6));
    return Optional.of(
        new TunnelFrame(
            outer.source().toString(), vni, to.toString(), outer.congested(), toOtherHost));
  }

  /** Where the IP header within the frame begins. */
  public static int innerIp(IpHeader outer) {
    return outer.end() + UDP_HEADER + VXLAN_HEADER + ETHERNET;
  }
}
