package io.naru.observe.packet;

import java.util.Optional;

/** What an IP packet carries. */
public sealed interface Transport {
  /**
   * RFC 768.
   *
   * @param length header and payload in bytes, as the header says
   * @param checksum as captured: a packet that its own machine captures may have it unfinished
   * @param vxlan what a datagram to a port of VXLAN carries
   */
  record Udp(int sourcePort, int destinationPort, int length, int checksum, Optional<Vxlan> vxlan)
      implements Transport {}

  /**
   * RFC 9293.
   *
   * @param sequence 32 bits
   * @param acknowledgment 32 bits
   * @param flags the lower 8: FIN 1, SYN 2, RST 4, PSH 8, ACK 16
   * @param payload bytes of data, as the lengths in the headers say
   */
  record Tcp(
      int sourcePort,
      int destinationPort,
      long sequence,
      long acknowledgment,
      int flags,
      int payload)
      implements Transport {
    public boolean isSyn() {
      return (flags & 2) != 0;
    }

    public boolean isAck() {
      return (flags & 16) != 0;
    }
  }

  /**
   * RFC 792 or RFC 4443.
   *
   * @param rest the header's second half: identifier and sequence of an echo
   * @param quoted the packet that an error is about
   */
  record Icmp(boolean version6, int type, int code, long rest, Optional<IpPacket> quoted)
      implements Transport {
    /** Whether it reports an error. */
    public boolean isError() {
      return version6 ? type < 128 : type == 3 || type == 4 || type == 5 || type == 11;
    }

    public boolean isEcho() {
      return version6 ? type == 128 || type == 129 : type == 8 || type == 0;
    }

    public boolean isEchoReply() {
      return version6 ? type == 129 : type == 0;
    }
  }

  /** RFC 2003, RFC 2473: an IP packet within another. */
  record IpInIp(IpPacket inner) implements Transport {}

  /** A fragment that is not the first: its bytes belong to a header that another one holds. */
  record LaterFragment() implements Transport {}

  /** Another protocol. */
  record Other() implements Transport {}

  /** The capture ends before the header does, or the header contradicts itself. */
  record Unreadable(String reason) implements Transport {}
}
