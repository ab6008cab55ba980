package io.naru.core.underlay;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.Prefix;
import java.util.List;

/**
 * An interface of the host, as the kernel lists it.
 *
 * @param mtu in bytes
 * @param addresses its global addresses, in the kernel's order
 * @param onLink prefixes that a router said to be on the interface's link
 * @param hasDefaultRoute whether a default route of any family leaves by it
 */
public record HostInterface(
    String name,
    int mtu,
    boolean up,
    List<InterfaceAddress> addresses,
    List<Prefix> onLink,
    boolean hasDefaultRoute) {
  public HostInterface {
    addresses = List.copyOf(addresses);
    onLink = List.copyOf(onLink);
  }
}
