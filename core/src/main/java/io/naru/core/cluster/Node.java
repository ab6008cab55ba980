package io.naru.core.cluster;

import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A node as it publishes itself: all that a peer needs to send packets to its pods.
 *
 * @param name unique in the cluster
 * @param kind whether a Naru agent runs there
 * @param underlay its own addresses on the underlay, at most one a family
 * @param publicAddresses where peers reach it, at most one a family; they differ from the
 *     underlay's behind a NAT
 * @param vtepMac address of its VXLAN tunnel end point (RFC 7348)
 * @param vni the VXLAN network identifier it uses, 24 bits
 * @param vxlanPort UDP port of its tunnel end point
 * @param agentPort TCP port of its agent's channel
 * @param podCidrs the blocks its pods get their addresses from, at most one a family
 */
public record Node(
    NodeName name,
    NodeKind kind,
    List<InterfaceAddress> underlay,
    List<IpAddress> publicAddresses,
    MacAddress vtepMac,
    int vni,
    int vxlanPort,
    int agentPort,
    List<Prefix> podCidrs) {
  public Node {
    Objects.requireNonNull(name, "name is missing");
    Objects.requireNonNull(kind, "kind is missing");
    Objects.requireNonNull(vtepMac, "vtepMac is missing");
    underlay = List.copyOf(underlay);
    publicAddresses = List.copyOf(publicAddresses);
    podCidrs = List.copyOf(podCidrs);
  }

  public Optional<IpAddress> publicAddress(IpFamily family) {
    for (IpAddress address : publicAddresses) {
      if (address.family() == family) {
        return Optional.of(address);
      }
    }
    return Optional.empty();
  }

  public Optional<InterfaceAddress> underlayAddress(IpFamily family) {
    return underlay.stream().filter(a -> a.address().family() == family).findFirst();
  }

  public Optional<Prefix> podCidr(IpFamily family) {
    for (Prefix cidr : podCidrs) {
      if (cidr.family() == family) {
        return Optional.of(cidr);
      }
    }
    return Optional.empty();
  }
}
