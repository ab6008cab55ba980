package io.naru.lab.topology;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import java.util.List;

/**
 * One subnet of the underlay: a bridge of the fabric, which is its nodes' gateway.
 *
 * @param index from 0
 * @param bridge name of the bridge, {@code sub0} and so on
 * @param gateways the bridge's own addresses, one a family
 * @param mac the bridge's own link-layer address
 */
public record Subnet(int index, String bridge, List<InterfaceAddress> gateways, MacAddress mac) {
  public Subnet {
    gateways = List.copyOf(gateways);
  }

  static Subnet of(int index, Families families) {
    return new Subnet(
        index, "sub" + index, addresses(index, 1, families), hardwareAddress(address4(index, 1)));
  }

  /** The addresses of host {@code host} in a subnet; 172.26.(50+s).h, fd26:(50+s)::h. */
  static List<InterfaceAddress> addresses(int index, int host, Families families) {
    return families.all().stream().map(family -> address(index, host, family)).toList();
  }

  private static InterfaceAddress address(int index, int host, IpFamily family) {
    return switch (family) {
      case IPV4 -> new InterfaceAddress(address4(index, host), 24);
      // The decimal digits are the group's text: fd26:50::11 is easily matched with .50.11.
      case IPV6 -> new InterfaceAddress(IpAddress.parse("fd26:" + (50 + index) + "::" + host), 64);
    };
  }

  /** The IPv4 address behind a locally administered prefix: the same on every start. */
  static MacAddress hardwareAddress(IpAddress address4) {
    return MacAddress.locallyAdministered(address4.low());
  }

  static IpAddress address4(int index, int host) {
    return IpAddress.parse("172.26." + (50 + index) + "." + host);
  }
}
