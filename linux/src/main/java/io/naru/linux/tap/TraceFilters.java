package io.naru.linux.tap;

import io.naru.core.address.IpAddress;
import io.naru.linux.tap.BpfProgram.Width;
import java.nio.ByteBuffer;

/**
 * Filters for few packets among many, as they are or within VXLAN (RFC 7348), on Ethernet. ICMP
 * errors pass all of them: whom they are about is read later. IPv6 extension headers are not
 * followed.
 */
public final class TraceFilters {
  private static final int ETHERTYPE = 12;
  private static final int ETHERNET_BYTES = 14;
  private static final int IPV4 = 0x0800;
  private static final int IPV6 = 0x86dd;
  private static final int ICMP = 1;
  private static final int TCP = 6;
  private static final int UDP = 17;
  private static final int ICMPV6 = 58;
  private static final int FRAGMENT_OFFSET = 0x1fff;
  private static final int IPV6_BYTES = 40;
  private static final int SYN_OR_RST = 0x06;
  private static final int FIRST_OF_ICMPV6_THAT_IS_NO_ERROR = 128;

  /** UDP and VXLAN headers, and the Ethernet header within. */
  private static final int TUNNEL_BYTES = 8 + 8 + ETHERNET_BYTES;

  private static final int WHOLE = 0x40000;

  /** What is wanted. */
  public sealed interface Wanted {
    /** UDP and ICMP echoes whose data begins with these bytes, and UDP from a port. */
    record Marked(int firstBytes, int udpPort) implements Wanted {}

    /** Packets that open a connection to a TCP port, accept or refuse it. */
    record Connections(int tcpPort) implements Wanted {}

    /** All that two addresses send each other. */
    record Between(IpAddress one, IpAddress other) implements Wanted {}
  }

  private final Wanted wanted;
  private final int vxlanPort;
  private final BpfProgram.Builder to = new BpfProgram.Builder();
  private String section = "";
  private int labels;

  private TraceFilters(Wanted wanted, int vxlanPort) {
    this.wanted = wanted;
    this.vxlanPort = vxlanPort;
  }

  /**
   * A filter.
   *
   * @param vxlanPort UDP port whose packets are looked into
   */
  public static BpfProgram of(Wanted wanted, int vxlanPort) {
    return new TraceFilters(wanted, vxlanPort).program();
  }

  /** X holds the length of the outer IP header where a tunnel is looked into, else 0. */
  private BpfProgram program() {
    to.setIndex(0).load(Width.HALF, ETHERTYPE);
    packet("outer", ETHERNET_BYTES, true);
    to.label("tunnel").loadIndexed(Width.HALF, ETHERNET_BYTES + TUNNEL_BYTES - 2);
    packet("inner", ETHERNET_BYTES + TUNNEL_BYTES, false);
    return to.build();
  }

  /** A holds the Ethernet type, and the IP header begins at X and so many bytes. */
  private void packet(String prefix, int ip, boolean mayBeTunnel) {
    section = prefix;
    to.ifEqual(IPV6, prefix + "6").unlessEqual(IPV4, no());
    to.loadIndexed(Width.BYTE, ip + 9).ifEqual(ICMP, prefix + "4i").ifEqual(UDP, prefix + "4u");
    if (wanted instanceof Wanted.Between between) {
      if (!between.one().isIpv4()) {
        to.accept(0);
      }
      addresses(prefix + "4", ip + 12, between);
    } else {
      to.unlessEqual(TCP, no());
      skipIpv4Header(ip);
      tcp(ip);
    }
    to.label(prefix + "4i");
    if (wanted instanceof Wanted.Between between && between.one().isIpv4()) {
      addresses(prefix + "4ia", ip + 12, between, prefix + "4ie");
      to.label(prefix + "4ie");
    }
    skipIpv4Header(ip);
    to.loadIndexed(Width.BYTE, ip).ifEqual(3, yes()).ifEqual(11, yes()).ifEqual(12, yes());
    echo(ip);
    to.label(prefix + "4u").loadIndexed(Width.HALF, ip + 6).ifAnyBit(FRAGMENT_OFFSET, no());
    if (wanted instanceof Wanted.Between between && between.one().isIpv4()) {
      addresses(prefix + "4ua", ip + 12, between, prefix + "4un");
      to.label(prefix + "4un");
    }
    skipIpv4Header(ip);
    udp(ip, mayBeTunnel);
    to.label(prefix + "6")
        .loadIndexed(Width.BYTE, ip + 6)
        .ifEqual(ICMPV6, prefix + "6i")
        .ifEqual(UDP, prefix + "6u");
    if (wanted instanceof Wanted.Between between) {
      if (between.one().isIpv4()) {
        to.accept(0);
      }
      addresses(prefix + "6", ip + 8, between);
    } else {
      to.unlessEqual(TCP, no());
      tcp(ip + IPV6_BYTES);
    }
    to.label(prefix + "6i");
    if (wanted instanceof Wanted.Between between && !between.one().isIpv4()) {
      addresses(prefix + "6ia", ip + 8, between, prefix + "6ie");
      to.label(prefix + "6ie");
    }
    to.loadIndexed(Width.BYTE, ip + IPV6_BYTES)
        .ifAtLeast(FIRST_OF_ICMPV6_THAT_IS_NO_ERROR, prefix + "6e")
        .accept(WHOLE)
        .label(prefix + "6e");
    echo(ip + IPV6_BYTES);
    to.label(prefix + "6u");
    if (wanted instanceof Wanted.Between between && !between.one().isIpv4()) {
      addresses(prefix + "6ua", ip + 8, between, prefix + "6un");
      to.label(prefix + "6un");
    }
    if (mayBeTunnel) {
      // The header's length is to be in X for what is within.
      to.setIndex(IPV6_BYTES);
      udp(ip, true);
    } else {
      udp(ip + IPV6_BYTES, false);
    }
    to.label(yes()).accept(WHOLE).label(no()).accept(0);
  }

  /** Jumps are short: each section has its ends. */
  private String yes() {
    return section + " yes";
  }

  private String no() {
    return section + " no";
  }

  /** X = X and the length of the IPv4 header there. */
  private void skipIpv4Header(int ip) {
    to.loadIndexed(Width.BYTE, ip).and(0x0f).shiftLeft(2).addIndex().copyToIndex();
  }

  private void udp(int at, boolean mayBeTunnel) {
    if (mayBeTunnel) {
      to.loadIndexed(Width.HALF, at + 2).ifEqual(vxlanPort, "tunnel");
    }
    if (wanted instanceof Wanted.Marked marked) {
      if (marked.udpPort() != 0) {
        to.loadIndexed(Width.HALF, at).ifEqual(marked.udpPort(), yes());
      }
      to.loadIndexed(Width.WORD, at + 8).ifEqual(marked.firstBytes(), yes());
    }
    to.accept(0);
  }

  private void echo(int at) {
    if (wanted instanceof Wanted.Marked marked) {
      to.loadIndexed(Width.WORD, at + 8).ifEqual(marked.firstBytes(), yes());
    }
    to.accept(0);
  }

  private void tcp(int at) {
    if (wanted instanceof Wanted.Connections connections) {
      String label = "tcp" + labels++;
      to.loadIndexed(Width.BYTE, at + 13)
          .ifAnyBit(SYN_OR_RST, label)
          .accept(0)
          .label(label)
          .loadIndexed(Width.HALF, at)
          .ifEqual(connections.tcpPort(), yes())
          .loadIndexed(Width.HALF, at + 2)
          .ifEqual(connections.tcpPort(), yes());
    }
    to.accept(0);
  }

  private void addresses(String prefix, int at, Wanted.Between between) {
    addresses(prefix, at, between, no());
  }

  /** Accepts what is from one to the other or back. */
  private void addresses(String prefix, int at, Wanted.Between between, String otherwise) {
    String back = prefix + "back";
    match(at, between.one(), between.other(), back);
    to.label(back);
    match(at, between.other(), between.one(), otherwise);
  }

  private void match(int at, IpAddress source, IpAddress destination, String unless) {
    ByteBuffer bytes =
        ByteBuffer.allocate(32).put(source.toBytes()).put(destination.toBytes()).flip();
    for (int offset = 0; bytes.hasRemaining(); offset += 4) {
      to.loadIndexed(Width.WORD, at + offset).unlessEqual(bytes.getInt(), unless);
    }
    to.accept(WHOLE);
  }
}
