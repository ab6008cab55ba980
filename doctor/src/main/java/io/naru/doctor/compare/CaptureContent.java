package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.observe.packet.Frame;
import io.naru.observe.packet.FrameDirection;
import io.naru.observe.packet.IpPacket;
import io.naru.observe.packet.Transport;
import io.naru.observe.packet.Vxlan;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Collects the packets of a capture by flow. */
final class CaptureContent {
  /** So much is kept; what follows in a larger capture is not compared. */
  static final int MOST_PACKETS = 4_000_000;

  static final int MOST_FLOWS = 200_000;
  private static final int MOST_PATHS = 10_000;
  private static final int MOST_REPORTS = 1_000;

  private final Map<FlowKey, PacketLog> flows = new HashMap<>();
  private final Map<OuterPath, Integer> paths = new LinkedHashMap<>();
  private final Map<IcmpReport, Integer> icmpErrors = new HashMap<>();
  private final Map<IpAddress, Set<MacAddress>> nextHops = new HashMap<>();
  private final Map<FlowKey, MacAddress> flowHops = new HashMap<>();
  private final Map<OuterPath, Integer> congestionMarked = new HashMap<>();
  private int kept;

  /** Whether nothing more is kept. */
  boolean isFull() {
    return kept >= MOST_PACKETS || flows.size() >= MOST_FLOWS || paths.size() >= MOST_PATHS;
  }

  Map<FlowKey, PacketLog> flows() {
    return flows;
  }

  Map<OuterPath, Integer> paths() {
    return paths;
  }

  Map<IcmpReport, Integer> icmpErrors() {
    return icmpErrors;
  }

  Map<IpAddress, Set<MacAddress>> nextHops() {
    return nextHops;
  }

  Map<FlowKey, MacAddress> flowHops() {
    return flowHops;
  }

  Map<OuterPath, Integer> congestionMarked() {
    return congestionMarked;
  }

  /** Keeps what matters of an IP packet. */
  void add(Frame frame, IpPacket outer, FrameDirection direction, long time) {
    int port = 0;
    int vni = OuterPath.NO_VNI;
    Optional<IpPacket> inner = Optional.empty();
    switch (outer.transport()) {
      case Transport.Udp udp when udp.vxlan().isPresent() -> {
        Vxlan vxlan = udp.vxlan().get();
        inner = vxlan.inner().packet();
        port = udp.destinationPort();
        vni = vxlan.vni();
      }
      case Transport.IpInIp within -> inner = Optional.of(within.inner());
      case Transport.Icmp icmp -> icmp.quoted().ifPresent(quoted -> report(outer, icmp, quoted));
      case Transport.Udp _,
          Transport.Tcp _,
          Transport.LaterFragment _,
          Transport.Other _,
          Transport.Unreadable _ -> {}
    }
    OuterPath path = new OuterPath(outer.source(), outer.destination(), port, vni);
    // RFC 6040: such a packet is dropped where its tunnel ends.
    if (inner.isPresent()
        && outer.isCongestionMarked()
        && inner.get().isNotCapableOfMarks()
        && direction != FrameDirection.OUT) {
      congestionMarked.merge(path, 1, Integer::sum);
    }
    FlowKey key = key(inner.orElse(outer), inner.isPresent());
    if (outer.destination().isMulticast()) {
      return;
    }
    hops(frame, outer.destination(), key);
    IpPacket packet = inner.orElse(outer);
    int payload = packet.transport() instanceof Transport.Tcp tcp ? tcp.payload() : 0;
    flows
        .computeIfAbsent(key, _ -> new PacketLog())
        .add(
            PacketIdentity.of(packet),
            time,
            packet.length(),
            payload,
            paths.computeIfAbsent(path, _ -> paths.size()),
            direction);
    kept++;
  }

  private void hops(Frame frame, IpAddress destination, FlowKey key) {
    frame
        .destination()
        .filter(mac -> !mac.isMulticast())
        .ifPresent(
            mac -> {
              flowHops.putIfAbsent(key, mac);
              if (nextHops.size() < MOST_PATHS) {
                nextHops.computeIfAbsent(destination, _ -> new HashSet<>()).add(mac);
              }
            });
  }

  private void report(IpPacket error, Transport.Icmp icmp, IpPacket quoted) {
    if (icmpErrors.size() < MOST_REPORTS) {
      FlowKey flow = key(quoted, false);
      boolean tooBig = icmp.version6() ? icmp.type() == 2 : icmp.type() == 3 && icmp.code() == 4;
      icmpErrors.merge(
          new IcmpReport(
              error.source(),
              icmp.version6(),
              icmp.type(),
              icmp.code(),
              flow.source(),
              flow.destination(),
              flow.protocol(),
              flow.destinationPort(),
              tooBig ? icmp.rest() & (icmp.version6() ? 0xffff_ffffL : 0xffffL) : 0),
          1,
          Integer::sum);
    }
  }

  private static FlowKey key(IpPacket packet, boolean tunnelled) {
    int sourcePort = 0;
    int destinationPort = 0;
    switch (packet.transport()) {
      case Transport.Udp udp -> {
        sourcePort = udp.sourcePort();
        destinationPort = udp.destinationPort();
      }
      case Transport.Tcp tcp -> {
        sourcePort = tcp.sourcePort();
        destinationPort = tcp.destinationPort();
      }
      case Transport.Icmp _,
          Transport.IpInIp _,
          Transport.LaterFragment _,
          Transport.Other _,
          Transport.Unreadable _ -> {}
    }
    return new FlowKey(
        packet.source(),
        packet.destination(),
        packet.protocol(),
        sourcePort,
        destinationPort,
        tunnelled);
  }
}
