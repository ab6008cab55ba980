package io.naru.lab.topology;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * One node of a lab.
 *
 * @param number from 1
 * @param name its host name, and the name of its port in the fabric: {@code node1} and so on
 * @param namespace name of its network namespace
 * @param subnet where its underlay interface is
 * @param addresses of its underlay interface, one a family, IPv4 first
 * @param mac of its underlay interface
 */
public record LabNode(
    int number,
    String name,
    String namespace,
    Subnet subnet,
    List<InterfaceAddress> addresses,
    MacAddress mac) {
  /** Name of a node's underlay interface. */
  public static final String UNDERLAY_INTERFACE = "eth0";

  public LabNode {
    addresses = List.copyOf(addresses);
  }

  public Optional<IpAddress> address(IpFamily family) {
    return addresses.stream()
        .map(InterfaceAddress::address)
        .filter(address -> address.family() == family)
        .findFirst();
  }
}
