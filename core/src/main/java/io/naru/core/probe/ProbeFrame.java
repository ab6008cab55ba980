package io.naru.core.probe;

import io.naru.core.error.NaruException;
import java.util.Arrays;
import java.util.Optional;

/**
 * Finds a probe in an Ethernet frame as a tap sees it: bare, or inside VXLAN. Reads with bounds:
 * anything else, cut short or malformed, is simply no probe.
 */
public final class ProbeFrame {
  private static final int ETHERNET = 14;
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int IPV6_HEADER = 40;
  private static final int UDP_PROTOCOL = 17;
  private static final int UDP_HEADER = 8;
  private static final int VXLAN_HEADER = 8; // RFC 7348, section 5

  /** The most bytes of a frame a tap must keep for a probe to be found. */
  public static final int SNAP_LENGTH =
      2 * (ETHERNET + 60 + UDP_HEADER) + VXLAN_HEADER + ProbePacket.MAXIMUM_HEADER;

  private ProbeFrame() {}

  /**
   * The probe in a frame.
   *
   * @param vxlanPort UDP port of the tunnel
   */
  public static Optional<ProbePacket> find(byte[] frame, int vxlanPort) {
    return payload(frame, vxlanPort).flatMap(ProbeFrame::probe);
  }

  /** The same for part of a train. */
  public static Optional<TrainPacket> findTrain(byte[] frame, int vxlanPort) {
    return payload(frame, vxlanPort).flatMap(ProbeFrame::train);
  }

  private static Optional<byte[]> payload(byte[] frame, int vxlanPort) {
    Optional<Datagram> outer = datagram(frame, 0);
    if (outer.isPresent() && outer.get().port() == vxlanPort) {
      outer = datagram(frame, outer.get().payload() + VXLAN_HEADER);
    }
    return outer
        .filter(datagram -> datagram.port() == ProbePacket.PORT)
        .map(datagram -> Arrays.copyOfRange(frame, datagram.payload(), frame.length));
  }

  private record Datagram(int port, int payload) {}

  private static Optional<Datagram> datagram(byte[] frame, int ethernet) {
    int ip = ethernet + ETHERNET;
    if (ip + 1 > frame.length) {
      return Optional.empty();
    }
    int udp;
    switch (sixteen(frame, ip - 2)) {
      case ETHERTYPE_IPV4 -> {
        int length = (frame[ip] & 0x0f) * 4;
        if (length < 20 || ip + length > frame.length || frame[ip + 9] != UDP_PROTOCOL) {
          return Optional.empty();
        }
        udp = ip + length;
      }
      case ETHERTYPE_IPV6 -> {
        if (ip + IPV6_HEADER > frame.length || frame[ip + 6] != UDP_PROTOCOL) {
          return Optional.empty();
        }
        udp = ip + IPV6_HEADER;
      }
      default -> {
        return Optional.empty();
      }
    }
    return udp + UDP_HEADER > frame.length
        ? Optional.empty()
        : Optional.of(new Datagram(sixteen(frame, udp + 2), udp + UDP_HEADER));
  }

  private static int sixteen(byte[] frame, int at) {
    return (frame[at] & 0xff) << 8 | (frame[at + 1] & 0xff);
  }

  private static Optional<ProbePacket> probe(byte[] payload) {
    try {
      return Optional.of(ProbePacket.decode(payload));
    } catch (NaruException notAProbe) {
      return Optional.empty();
    }
  }

  private static Optional<TrainPacket> train(byte[] payload) {
    try {
      return Optional.of(TrainPacket.decode(payload));
    } catch (NaruException notATrain) {
      return Optional.empty();
    }
  }
}
