package io.naru.lab.fault;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Subnet;

/**
 * A sender that has a smaller MTU for one receiver than for others, as if its NIC had it: a NIC in
 * a lab would also refuse what others send it. IPv4 only: nobody fragments the tunnel's IPv6
 * packets.
 */
record SmallPath(PairSight sight) {
  /** The largest packet that is sent in one piece, in bytes with its IP header. */
  static final int MTU = 1400;

  Injection injection() {
    LabNode from = sight.from();
    IpAddress receiver = PairSight.own(sight.to(), IpFamily.IPV4);
    String way =
        (sight.sameSubnet() ? "" : " via " + gateway(from.subnet()))
            + (" dev " + LabNode.UNDERLAY_INTERFACE);
    String small = "route replace " + receiver + way + " mtu " + MTU;
    return Injection.nothing()
        .altering(from.name() + " route " + receiver)
        .and(
            Step.ip(from.name(), small),
            // Once more, or there might be none to remove.
            Step.ip(from.name(), small, "route del " + receiver, "route flush cache"));
  }

  static IpAddress gateway(Subnet subnet) {
    return subnet.gateways().stream()
        .map(InterfaceAddress::address)
        .filter(IpAddress::isIpv4)
        .findFirst()
        .orElseThrow();
  }
}
