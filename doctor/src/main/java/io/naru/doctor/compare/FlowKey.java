package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.observe.packet.IpPacket;

/**
 * Packets that belong together, one direction: the five-tuple of the inner packet where there is a
 * tunnel, else of the packet.
 *
 * @param sourcePort 0 where the protocol has no ports
 * @param destinationPort 0 where the protocol has no ports
 * @param tunnelled whether the packets were seen inside VXLAN or IP-in-IP
 */
public record FlowKey(
    IpAddress source,
    IpAddress destination,
    int protocol,
    int sourcePort,
    int destinationPort,
    boolean tunnelled) {
  /** The flow of the answers. */
  public FlowKey reversed() {
    return new FlowKey(destination, source, protocol, destinationPort, sourcePort, tunnelled);
  }

  /** The protocol's name. */
  public String protocolName() {
    return switch (protocol) {
      case IpPacket.PROTOCOL_ICMP -> "ICMP";
      case IpPacket.PROTOCOL_ICMPV6 -> "ICMPv6";
      case IpPacket.PROTOCOL_TCP -> "TCP";
      case IpPacket.PROTOCOL_UDP -> "UDP";
      case IpPacket.PROTOCOL_IPV4, IpPacket.PROTOCOL_IPV6 -> "IP-in-IP";
      default -> "protocol " + protocol;
    };
  }

  private static String end(IpAddress address, int port) {
    if (port == 0) {
      return address.toString();
    }
    return address.isIpv4() ? address + ":" + port : "[" + address + "]:" + port;
  }

  @Override
  public String toString() {
    return protocolName()
        + " "
        + end(source, sourcePort)
        + " → "
        + end(destination, destinationPort);
  }
}
