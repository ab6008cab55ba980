package io.naru.core.underlay;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * The interface that carries a node's traffic to other nodes.
 *
 * @param mtu in bytes
 * @param addresses one a family
 * @param subnets every prefix that is on the interface's own link
 * @param reason why this interface, as a clause for people
 */
public record Underlay(
    String interfaceName,
    int mtu,
    List<InterfaceAddress> addresses,
    List<Prefix> subnets,
    String reason) {
  public Underlay {
    addresses = List.copyOf(addresses);
    subnets = List.copyOf(subnets);
  }

  public Optional<InterfaceAddress> address(IpFamily family) {
    return addresses.stream().filter(a -> a.address().family() == family).findFirst();
  }

  /** Whether an address is on the same link, so that no router is needed to reach it. */
  public boolean isOnLink(IpAddress address) {
    return subnets.stream().anyMatch(subnet -> subnet.contains(address));
  }
}
