package io.naru.linux.tap;

import io.naru.linux.tap.BpfProgram.Width;

/**
 * Filters for the packets that tell where a path breaks. IPv6 extension headers are not followed.
 */
public final class BpfPrograms {
  private static final int ETHERTYPE = 12;
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int UDP = 17;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;
  private static final int IPV4_FRAGMENT = 6;
  private static final int IPV4_PROTOCOL = 9;
  private static final int IPV6_NEXT_HEADER = 6;
  private static final int IPV6_BYTES = 40;
  private static final int UDP_DESTINATION = 2;
  private static final int UDP_BYTES = 8;
  private static final int VXLAN_BYTES = 8;
  private static final int FRAGMENT_OFFSET = 0x1fff;
  private static final int WHOLE = 0x40000;
  private static final String ACCEPT = "accept";
  private static final String REFUSE = "refuse";

  private BpfPrograms() {}

  /** What stands before the IP header. */
  public enum LinkHeader {
    /** 14 bytes. */
    ETHERNET(ETHERNET_BYTES),
    /** Nothing, as on a TUN device. */
    NONE(0);

    private final int bytes;

    LinkHeader(int bytes) {
      this.bytes = bytes;
    }
  }

  /** Every packet. */
  public static BpfProgram everything() {
    return new BpfProgram.Builder().accept(WHOLE).build();
  }

  /** UDP over IPv4 or IPv6 to a destination port. */
  public static BpfProgram udpTo(LinkHeader link, int port) {
    BpfProgram.Builder to = new BpfProgram.Builder();
    branchByFamily(to, link);
    outerUdp(to, link.bytes, port, ACCEPT);
    return end(to);
  }

  /**
   * VXLAN (RFC 7348) to an outer UDP port, whatever its VNI, whose inner packet is UDP over IPv4 or
   * IPv6 to an inner port.
   */
  public static BpfProgram vxlanWithUdpTo(LinkHeader link, int outerPort, int innerPort) {
    BpfProgram.Builder to = new BpfProgram.Builder();
    branchByFamily(to, link);
    outerUdp(to, link.bytes, outerPort, "vxlan");
    // X holds the length of the outer IP header.
    int frame = link.bytes + UDP_BYTES + VXLAN_BYTES;
    int inner = frame + ETHERNET_BYTES;
    to.label("vxlan")
        .loadIndexed(Width.HALF, frame + ETHERTYPE)
        .ifEqual(IPV6, "inner6")
        .unlessEqual(IPV4, REFUSE)
        .loadIndexed(Width.BYTE, inner + IPV4_PROTOCOL)
        .unlessEqual(UDP, REFUSE)
        .loadIndexed(Width.HALF, inner + IPV4_FRAGMENT)
        .ifAnyBit(FRAGMENT_OFFSET, REFUSE)
        .loadIndexed(Width.BYTE, inner)
        .and(0x0f)
        .shiftLeft(2)
        .addIndex()
        .copyToIndex()
        .loadIndexed(Width.HALF, inner + UDP_DESTINATION)
        .ifEqual(innerPort, ACCEPT)
        .accept(0)
        .label("inner6")
        .loadIndexed(Width.BYTE, inner + IPV6_NEXT_HEADER)
        .unlessEqual(UDP, REFUSE)
        .loadIndexed(Width.HALF, inner + IPV6_BYTES + UDP_DESTINATION)
        .ifEqual(innerPort, ACCEPT)
        .accept(0);
    return end(to);
  }

  /**
   * ICMP and ICMPv6, bare or within VXLAN (RFC 7348) to an outer UDP port, whatever its VNI.
   *
   * @param outerPort the tunnel's port; 0 for what is bare alone
   */
  public static BpfProgram icmpAlsoTunnelled(LinkHeader link, int outerPort) {
    int at = link.bytes;
    BpfProgram.Builder to = new BpfProgram.Builder();
    branchByFamily(to, link);
    int frame = at + UDP_BYTES + VXLAN_BYTES;
    int inner = frame + ETHERNET_BYTES;
    to.label("ipv4")
        .load(Width.BYTE, at + IPV4_PROTOCOL)
        .ifEqual(ICMP, ACCEPT)
        .unlessEqual(UDP, REFUSE)
        .load(Width.HALF, at + IPV4_FRAGMENT)
        .ifAnyBit(FRAGMENT_OFFSET, REFUSE)
        .setIndexToIpv4HeaderLength(at)
        .loadIndexed(Width.HALF, at + UDP_DESTINATION)
        .ifEqual(outerPort, "tunnelled")
        .accept(0)
        .label("ipv6")
        .load(Width.BYTE, at + IPV6_NEXT_HEADER)
        .ifEqual(ICMPV6, ACCEPT)
        .unlessEqual(UDP, REFUSE)
        .setIndex(IPV6_BYTES)
        .loadIndexed(Width.HALF, at + UDP_DESTINATION)
        .unlessEqual(outerPort, REFUSE)
        // X holds the length of the outer IP header.
        .label("tunnelled")
        .loadIndexed(Width.HALF, frame + ETHERTYPE)
        .ifEqual(IPV6, "inner6")
        .unlessEqual(IPV4, REFUSE)
        .loadIndexed(Width.BYTE, inner + IPV4_PROTOCOL)
        .ifEqual(ICMP, ACCEPT)
        .accept(0)
        .label("inner6")
        .loadIndexed(Width.BYTE, inner + IPV6_NEXT_HEADER)
        .ifEqual(ICMPV6, ACCEPT)
        .accept(0);
    return end(to);
  }

  /** ICMP errors (RFC 792: types 3, 11 and 12) and ICMPv6 errors (RFC 4443: types below 128). */
  public static BpfProgram icmpErrors(LinkHeader link) {
    int at = link.bytes;
    BpfProgram.Builder to = new BpfProgram.Builder();
    branchByFamily(to, link);
    to.label("ipv4")
        .load(Width.BYTE, at + IPV4_PROTOCOL)
        .unlessEqual(ICMP, REFUSE)
        .setIndexToIpv4HeaderLength(at)
        .loadIndexed(Width.BYTE, at)
        .ifEqual(3, ACCEPT)
        .ifEqual(11, ACCEPT)
        .ifEqual(12, ACCEPT)
        .accept(0)
        .label("ipv6")
        .load(Width.BYTE, at + IPV6_NEXT_HEADER)
        .unlessEqual(ICMPV6, REFUSE)
        .load(Width.BYTE, at + IPV6_BYTES)
        .ifAtLeast(128, REFUSE);
    return end(to);
  }

  /** Goes on at the label "ipv4" or "ipv6". */
  private static void branchByFamily(BpfProgram.Builder to, LinkHeader link) {
    switch (link) {
      case ETHERNET -> to.load(Width.HALF, ETHERTYPE).ifEqual(IPV6, "ipv6");
      case NONE -> to.load(Width.BYTE, 0).shiftRight(4).ifEqual(6, "ipv6");
    }
    to.unlessEqual(
        switch (link) {
          case ETHERNET -> IPV4;
          case NONE -> 4;
        },
        REFUSE);
  }

  /** Goes on at the label when it is UDP to the port, with X the length of the IP header. */
  private static void outerUdp(BpfProgram.Builder to, int at, int port, String found) {
    to.label("ipv4")
        .load(Width.BYTE, at + IPV4_PROTOCOL)
        .unlessEqual(UDP, REFUSE)
        .load(Width.HALF, at + IPV4_FRAGMENT)
        .ifAnyBit(FRAGMENT_OFFSET, REFUSE)
        .setIndexToIpv4HeaderLength(at)
        .loadIndexed(Width.HALF, at + UDP_DESTINATION)
        .ifEqual(port, found)
        .accept(0)
        .label("ipv6")
        .load(Width.BYTE, at + IPV6_NEXT_HEADER)
        .unlessEqual(UDP, REFUSE)
        .setIndex(IPV6_BYTES)
        .loadIndexed(Width.HALF, at + UDP_DESTINATION)
        .ifEqual(port, found)
        .accept(0);
  }

  private static BpfProgram end(BpfProgram.Builder to) {
    return to.label(ACCEPT).accept(WHOLE).label(REFUSE).accept(0).build();
  }
}
