package io.naru.core.cluster;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * A VXLAN tunnel end point (RFC 7348) that runs no Naru, as a person registers it.
 *
 * @param name unique among all nodes
 * @param addresses where tunnel packets for it go, at most one a family
 * @param vtepMac the MAC address of its VXLAN device
 * @param podCidrs the blocks behind it, at most one a family
 */
public record ForeignNode(
    NodeName name, List<IpAddress> addresses, MacAddress vtepMac, List<Prefix> podCidrs) {
  public ForeignNode {
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(vtepMac, "vtepMac is missing");
    addresses = List.copyOf(addresses);
    podCidrs = List.copyOf(podCidrs);
  }

  /**
   * The node as its peers are told of it.
   *
   * @param vni the network's, which its tunnel end point must use too
   * @param vxlanPort likewise
   */
  public Node node(int vni, int vxlanPort) {
    return new Node(
        name, NodeKind.FOREIGN, List.of(), addresses, vtepMac, vni, vxlanPort, 0, podCidrs);
  }

  /** What is wrong with it whatever the cluster is like, a sentence each. */
  public List<String> mistakes() {
    List<String> mistakes = new ArrayList<>();
    if (addresses.isEmpty()) {
      mistakes.add("it has no address that tunnel packets could go to");
    }
    if (podCidrs.isEmpty()) {
      mistakes.add("it has no pod CIDR, so nothing would ever be sent to it");
    }
    for (IpFamily family : IpFamily.values()) {
      if (addresses.stream().filter(address -> address.family() == family).count() > 1) {
        mistakes.add("it has more than one " + family + " address; give the one of its tunnel");
      }
      if (podCidrs.stream().filter(cidr -> cidr.family() == family).count() > 1) {
        mistakes.add("it has more than one " + family + " pod CIDR; give one that holds them");
      }
    }
    for (IpAddress address : addresses) {
      if (address.isMulticast()
          || address.isUnspecified()
          || address.isLoopback()
          || address.isLinkLocal()) {
        mistakes.add(
            "the address "
                + address
                + " is none that other hosts can send to; give the underlay's");
      }
    }
    if (vtepMac.isMulticast() || vtepMac.value() == 0) {
      mistakes.add(
          "the VTEP MAC "
              + vtepMac
              + " is no single device's; see it there with: ip -d link show type vxlan");
    }
    return List.copyOf(mistakes);
  }
}
