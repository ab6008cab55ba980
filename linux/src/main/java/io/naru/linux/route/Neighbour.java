package io.naru.linux.route;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.Optional;

/**
 * Who has an address on a link.
 *
 * @param link the link
 * @param address its IP address
 * @param hardwareAddress its link-layer address; empty as long as it is not known
 * @param state what the kernel thinks of it
 */
public record Neighbour(
    int link, IpAddress address, Optional<MacAddress> hardwareAddress, NeighbourState state) {
  /** One that is never asked for. */
  public static Neighbour permanent(int link, IpAddress address, MacAddress hardwareAddress) {
    return new Neighbour(link, address, Optional.of(hardwareAddress), NeighbourState.PERMANENT);
  }
}
