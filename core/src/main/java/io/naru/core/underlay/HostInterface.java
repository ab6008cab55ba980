package io.naru.core.underlay;

import io.naru.core.address.InterfaceAddress;
import java.util.List;

/**
 * An interface of the host, as the kernel lists it.
 *
 * @param mtu in bytes
 * @param addresses its global addresses, in the kernel's order
 * @param hasDefaultRoute whether a default route of any family leaves by it
 */
public record HostInterface(
    String name, int mtu, boolean up, List<InterfaceAddress> addresses, boolean hasDefaultRoute) {
  public HostInterface {
    addresses = List.copyOf(addresses);
  }
}
