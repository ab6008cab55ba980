package io.naru.linux.conntrack;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;

/**
 * One direction of a flow, as its packets look.
 *
 * @param source of the same family as the destination
 * @param sourcePort 0 where the protocol has no ports
 * @param destinationPort 0 where the protocol has no ports
 */
public record Tuple(IpAddress source, IpAddress destination, int sourcePort, int destinationPort) {
  public Tuple {
    if (source.family() != destination.family()) {
      throw new NaruException(
          ErrorCode.MALFORMED,
          "no flow goes from " + source + " to " + destination + ": their families differ");
    }
  }

  @Override
  public String toString() {
    return end(source, sourcePort) + " > " + end(destination, destinationPort);
  }

  private static String end(IpAddress address, int port) {
    return (address.isIpv6() ? "[" + address + "]" : address) + ":" + port;
  }
}
