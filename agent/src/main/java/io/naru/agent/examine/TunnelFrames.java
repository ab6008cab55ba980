package io.naru.agent.examine;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.error.NaruException;
import io.naru.core.probe.ProbePacket;
import io.naru.linux.tap.BpfPrograms;
import io.naru.linux.tap.BpfPrograms.LinkHeader;
import io.naru.linux.tap.PacketTap;
import io.naru.linux.tap.TappedPacket;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Reads the headers of the tunnel's frames that come in by an interface and carry probes. */
final class TunnelFrames implements AutoCloseable {
  private static final Duration POLL = Duration.ofMillis(500);
  private static final int ETHERNET = 14;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_HEADER = 8; // RFC 7348, section 5
  private static final int MOST = 1000;

  /** Congestion experienced (RFC 3168, section 5): both bits. */
  private static final int CONGESTION = 3;

  private final PacketTap tap;
  private final Set<TunnelFrame> seen = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  private TunnelFrames(PacketTap tap) {
    this.tap = tap;
    Thread.ofPlatform().daemon().name("naru-frames").start(this::listen);
  }

  static TunnelFrames on(String interfaceName, int vxlanPort) {
    return new TunnelFrames(
        PacketTap.open(
            interfaceName,
            BpfPrograms.vxlanWithUdpTo(LinkHeader.ETHERNET, vxlanPort, ProbePacket.PORT)));
  }

  private void listen() {
    while (!closed) {
      try {
        tap.receive(POLL)
            .filter(packet -> packet.direction() == TappedPacket.Direction.INGRESS)
            .flatMap(packet -> parse(packet.bytes()))
            .filter(frame -> seen.size() < MOST)
            .ifPresent(seen::add);
      } catch (NaruException linkGone) {
        return;
      }
    }
  }

  /** The headers of a VXLAN frame; what is cut short has none. */
  static Optional<TunnelFrame> parse(byte[] frame) {
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
            IpAddress.ofBytes(source).toString(), vni, destination.toString(), ecn == CONGESTION));
  }

  List<TunnelFrame> seen() {
    return List.copyOf(seen);
  }

  @Override
  public void close() {
    closed = true;
    tap.close();
  }
}
