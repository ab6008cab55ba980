package io.naru.observe.trace;

import io.naru.core.address.IpAddress;
import io.naru.core.trace.Header;
import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.Sighting;
import io.naru.core.trace.Sighting.Kind;
import io.naru.core.trace.Sighting.Tunnel;
import io.naru.core.trace.Tap;
import io.naru.core.trace.TraceOrder;
import io.naru.observe.packet.Frame;
import io.naru.observe.packet.FrameDecoder;
import io.naru.observe.packet.IpPacket;
import io.naru.observe.packet.LinkType;
import io.naru.observe.packet.Octets;
import io.naru.observe.packet.Transport;
import io.naru.observe.packet.Transport.Icmp;
import io.naru.observe.packet.Transport.Tcp;
import io.naru.observe.packet.Transport.Udp;
import io.naru.observe.tap.IcmpErrors;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Tells a trace's own packets from all others; pure, and of any bytes whatever. */
final class ProbeFinder {
  private static final int RST = 4;

  private final TraceOrder order;
  private final byte[] marker;
  private final int vxlanPort;
  private final FrameDecoder decoder;

  ProbeFinder(TraceOrder order, int vxlanPort) {
    this.order = order;
    this.marker = order.markerBytes();
    this.vxlanPort = vxlanPort;
    this.decoder = new FrameDecoder(Set.of(vxlanPort));
  }

  /**
   * What a frame is in the trace; empty if it is none of its packets.
   *
   * @param keys by which packets without a marker are known, in the probes' order
   */
  Optional<Sighting> find(Tap tap, long nanoseconds, byte[] bytes, List<Long> keys) {
    Frame frame = decoder.decode(LinkType.ETHERNET, Octets.of(bytes));
    if (frame.packet().isEmpty()) {
      return Optional.empty();
    }
    IpPacket outer = frame.packet().get();
    Optional<Tunnel> tunnel = Optional.empty();
    IpPacket packet = outer;
    if (outer.transport() instanceof Udp udp && udp.vxlan().isPresent()) {
      Optional<IpPacket> inner = udp.vxlan().get().inner().packet();
      if (inner.isEmpty()) {
        return Optional.empty();
      }
      packet = inner.get();
      tunnel = Optional.of(new Tunnel(header(outer), udp.vxlan().get().vni()));
    }
    Optional<Found> found = found(packet, marked(bytes), keys);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Sighting(
            tap,
            found.get().probe,
            found.get().kind,
            nanoseconds,
            header(packet),
            tunnel,
            found.get().says));
  }

  /** The key of a probe that carries no marker: the initial sequence number of its SYN. */
  Optional<Opening> opening(byte[] bytes) {
    return decoder
        .decode(LinkType.ETHERNET, Octets.of(bytes))
        .packet()
        .filter(packet -> packet.transport() instanceof Tcp tcp && tcp.isSyn() && !tcp.isAck())
        .filter(packet -> packet.source().equals(order.source()))
        .map(packet -> (Tcp) packet.transport())
        .map(tcp -> new Opening(tcp.sourcePort(), tcp.sequence()));
  }

  /** A connection's first packet. */
  record Opening(int sourcePort, long sequence) {}

  private record Found(int probe, Kind kind, String says) {
    static Optional<Found> of(int probe, Kind kind) {
      return Optional.of(new Found(probe, kind, ""));
    }
  }

  private Optional<Found> found(IpPacket packet, OptionalInt marked, List<Long> keys) {
    return switch (packet.transport()) {
      case Icmp icmp when icmp.isError() -> error(packet, icmp, marked, keys);
      case Icmp icmp ->
          order.kind() == ProbeKind.ECHO && marked.isPresent() && icmp.isEcho()
              ? Found.of(marked.getAsInt(), icmp.isEchoReply() ? Kind.ANSWER : Kind.REQUEST)
              : Optional.empty();
      case Udp udp -> order.kind() == ProbeKind.UDP ? udp(udp, marked, keys) : Optional.empty();
      case Tcp tcp -> order.kind() == ProbeKind.TCP ? tcp(tcp, keys) : Optional.empty();
      case Transport.IpInIp within -> Optional.empty();
      case Transport.LaterFragment later -> Optional.empty();
      case Transport.Other other -> Optional.empty();
      case Transport.Unreadable cut -> Optional.empty();
    };
  }

  private Optional<Found> udp(Udp udp, OptionalInt marked, List<Long> keys) {
    int answered =
        udp.sourcePort() == order.port() ? keys.indexOf((long) udp.destinationPort()) : -1;
    if (answered >= 0) {
      return Found.of(answered, Kind.ANSWER);
    }
    return marked.isPresent() && udp.destinationPort() == order.port()
        ? Found.of(marked.getAsInt(), Kind.REQUEST)
        : Optional.empty();
  }

  private Optional<Found> tcp(Tcp tcp, List<Long> keys) {
    boolean reset = (tcp.flags() & RST) != 0;
    if (tcp.isSyn() && !tcp.isAck() && !reset) {
      int probe = tcp.destinationPort() == order.port() ? keys.indexOf(tcp.sequence()) : -1;
      return probe < 0 ? Optional.empty() : Found.of(probe, Kind.REQUEST);
    }
    if (tcp.sourcePort() != order.port() || !tcp.isAck() || !(tcp.isSyn() || reset)) {
      return Optional.empty();
    }
    int probe = keys.indexOf(tcp.acknowledgment() - 1 & 0xffff_ffffL);
    return probe < 0 ? Optional.empty() : Found.of(probe, reset ? Kind.REFUSAL : Kind.ANSWER);
  }

  private Optional<Found> error(IpPacket packet, Icmp icmp, OptionalInt marked, List<Long> keys) {
    if (marked.isEmpty() && !isAbout(icmp, keys)) {
      return Optional.empty();
    }
    IpAddress quoted = icmp.quoted().map(IpPacket::destination).orElse(packet.destination());
    boolean itself = packet.source().equals(quoted) && isPortUnreachable(icmp);
    return Optional.of(
        new Found(
            marked.orElse(0),
            itself && quoted.equals(order.destination()) ? Kind.REFUSAL : Kind.ERROR,
            icmp.version6()
                ? IcmpErrors.meaning6(icmp.type(), icmp.code())
                : IcmpErrors.meaning4(icmp.type(), icmp.code())));
  }

  /** An error need not quote more than the first bytes of the packet it is about. */
  private boolean isAbout(Icmp icmp, List<Long> keys) {
    if (icmp.quoted().isEmpty()) {
      return false;
    }
    IpPacket quoted = icmp.quoted().get();
    boolean ours =
        quoted.source().equals(order.source()) && quoted.destination().equals(order.destination());
    return switch (quoted.transport()) {
      case Udp udp ->
          ours && order.kind() == ProbeKind.UDP && keys.contains((long) udp.sourcePort())
              || udp.destinationPort() == vxlanPort
                  && order.from().underlay().contains(quoted.source())
                  && order.to().underlay().contains(quoted.destination());
      case Tcp tcp -> ours && order.kind() == ProbeKind.TCP && keys.contains(tcp.sequence());
      case Transport.Unreadable cut ->
          ours && order.kind() == ProbeKind.TCP && quoted.protocol() == IpPacket.PROTOCOL_TCP;
      case Icmp echo -> false;
      case Transport.IpInIp within -> false;
      case Transport.LaterFragment later -> false;
      case Transport.Other other -> false;
    };
  }

  private static boolean isPortUnreachable(Icmp icmp) {
    return icmp.version6()
        ? icmp.type() == 1 && icmp.code() == 4
        : icmp.type() == 3 && icmp.code() == 3;
  }

  /** The probe whose marker stands somewhere in the bytes. */
  private OptionalInt marked(byte[] bytes) {
    for (int at = 0; at + marker.length < bytes.length; at++) {
      int same = 0;
      while (same < marker.length && bytes[at + same] == marker[same]) {
        same++;
      }
      int probe = bytes[at + marker.length] & 0xff;
      if (same == marker.length && probe < order.count()) {
        return OptionalInt.of(probe);
      }
    }
    return OptionalInt.empty();
  }

  private static Header header(IpPacket packet) {
    int source = 0;
    int destination = 0;
    if (packet.transport() instanceof Udp udp) {
      source = udp.sourcePort();
      destination = udp.destinationPort();
    } else if (packet.transport() instanceof Tcp tcp) {
      source = tcp.sourcePort();
      destination = tcp.destinationPort();
    }
    return new Header(
        packet.source(),
        packet.destination(),
        source,
        destination,
        packet.hopLimit(),
        packet.length(),
        packet.mayNotBeFragmented());
  }
}
