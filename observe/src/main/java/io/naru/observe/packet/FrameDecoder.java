package io.naru.observe.packet;

import io.naru.core.address.MacAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads frames, of any bytes whatever: what cannot be read is left out, or says why. */
public final class FrameDecoder {
  // Linux, include/uapi/linux/if_ether.h
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final Set<Integer> ETHERTYPES_VLAN = Set.of(0x8100, 0x88a8, 0x9100);
  private static final int ETHERNET_HEADER = 14;
  // pcap/sll.h: lengths of the pseudo-headers, and the packet type of what the machine itself sent
  private static final int COOKED_HEADER = 16;
  private static final int COOKED_2_HEADER = 20;
  private static final int COOKED_OUTGOING = 4;

  private final IpDecoder ip;

  /**
   * A decoder.
   *
   * @param vxlanPorts UDP destination ports that carry VXLAN
   */
  public FrameDecoder(Set<Integer> vxlanPorts) {
    this.ip = new IpDecoder(Set.copyOf(vxlanPorts));
  }

  /** The frame's headers. */
  public Frame decode(LinkType type, Octets bytes) {
    return switch (type) {
      case ETHERNET -> ethernet(bytes, IpDecoder.OUTERMOST);
      case RAW, RAW_IPV4, RAW_IPV6 ->
          new Frame(
              Optional.empty(),
              Optional.empty(),
              FrameDirection.UNKNOWN,
              List.of(),
              raw(bytes, IpDecoder.OUTERMOST));
      case LINUX_COOKED ->
          cooked(bytes, COOKED_HEADER, () -> bytes.sixteen(0), () -> bytes.sixteen(14));
      case LINUX_COOKED_2 ->
          cooked(bytes, COOKED_2_HEADER, () -> bytes.eight(10), () -> bytes.sixteen(0));
    };
  }

  private interface Field {
    int read();
  }

  private Frame cooked(Octets bytes, int header, Field packetType, Field protocol) {
    if (!bytes.has(0, header)) {
      return nothing(FrameDirection.UNKNOWN);
    }
    FrameDirection direction =
        packetType.read() == COOKED_OUTGOING ? FrameDirection.OUT : FrameDirection.IN;
    Tagged tagged = tags(bytes, protocol.read(), header);
    return new Frame(
        Optional.empty(),
        Optional.empty(),
        direction,
        tagged.vlans,
        packet(bytes, tagged, IpDecoder.OUTERMOST));
  }

  private static Frame nothing(FrameDirection direction) {
    return new Frame(Optional.empty(), Optional.empty(), direction, List.of(), Optional.empty());
  }

  /** An Ethernet frame, inside so many others. */
  Frame ethernet(Octets bytes, int depth) {
    if (!bytes.has(0, ETHERNET_HEADER)) {
      return nothing(FrameDirection.UNKNOWN);
    }
    MacAddress destination = bytes.mac(0);
    MacAddress source = bytes.mac(6);
    Tagged tagged = tags(bytes, bytes.sixteen(12), ETHERNET_HEADER);
    return new Frame(
        Optional.of(source),
        Optional.of(destination),
        FrameDirection.UNKNOWN,
        tagged.vlans,
        packet(bytes, tagged, depth));
  }

  private record Tagged(int etherType, int at, List<Integer> vlans) {}

  private static Tagged tags(Octets bytes, int etherType, int at) {
    List<Integer> vlans = new ArrayList<>();
    int type = etherType;
    int place = at;
    while (ETHERTYPES_VLAN.contains(type) && vlans.size() < 4 && bytes.has(place, 4)) {
      vlans.add(bytes.sixteen(place) & 0xfff);
      type = bytes.sixteen(place + 2);
      place += 4;
    }
    return new Tagged(type, place, vlans);
  }

  private Optional<IpPacket> packet(Octets bytes, Tagged tagged, int depth) {
    return switch (tagged.etherType) {
      case ETHERTYPE_IPV4, ETHERTYPE_IPV6 -> raw(bytes.from(tagged.at), depth);
      default -> Optional.empty();
    };
  }

  private Optional<IpPacket> raw(Octets bytes, int depth) {
    return ip.decode(bytes, depth, this);
  }
}
