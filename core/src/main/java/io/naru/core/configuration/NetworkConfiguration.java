package io.naru.core.configuration;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.path.VxlanPort;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * The configuration of one network, the same for all its nodes. An instance is only made by {@link
 * NetworkConfigurationParser}, so it is valid as a whole.
 *
 * @param clusterCidrs the blocks that pod CIDRs are cut from, at most one a family
 * @param podCidrLengthIpv4 prefix length of a node's IPv4 block
 * @param podCidrLengthIpv6 prefix length of a node's IPv6 block
 * @param vni VXLAN network identifier, 1 to 2²⁴−1
 * @param vxlanPort UDP port of the tunnel
 * @param agentPort TCP port of the agents' channel
 * @param transport which transports may be used
 * @param mtu the pods' MTU in bytes, or empty for: what the underlay leaves
 * @param noMasqueradeCidrs destinations outside the cluster that see the pods' own addresses
 * @param masqueradeIpv6 whether IPv6 pods leave the cluster under their node's address
 * @param tunnelFamily the family of the tunnel's outer packets where a node has both
 * @param probesPerSecond the most probes that one node sends, however many peers it has
 * @param services what is done with services and their names
 */
public record NetworkConfiguration(
    List<Prefix> clusterCidrs,
    int podCidrLengthIpv4,
    int podCidrLengthIpv6,
    int vni,
    int vxlanPort,
    int agentPort,
    TransportPolicy transport,
    Optional<Integer> mtu,
    List<Prefix> noMasqueradeCidrs,
    Boolean masqueradeIpv6,
    IpFamily tunnelFamily,
    Integer probesPerSecond,
    ServiceSettings services) {
  /** TCP port of the agents' channel when nobody says otherwise. */
  public static final int AGENT_PORT = 8472;

  private static final int PROBES_PER_SECOND = 200;

  public NetworkConfiguration {
    Objects.requireNonNull(transport, "transport is missing");
    Objects.requireNonNull(mtu, "mtu is missing");
    clusterCidrs = List.copyOf(clusterCidrs);
    noMasqueradeCidrs = List.copyOf(noMasqueradeCidrs);
    // What a program before these keys wrote down does not have them.
    masqueradeIpv6 = masqueradeIpv6 == null || masqueradeIpv6;
    tunnelFamily = tunnelFamily == null ? IpFamily.IPV4 : tunnelFamily;
    probesPerSecond = probesPerSecond == null ? PROBES_PER_SECOND : probesPerSecond;
    services =
        services == null ? ServiceSettings.defaults(clusterCidrs, noMasqueradeCidrs) : services;
  }

  /** What a network is when nobody says otherwise. */
  public static NetworkConfiguration defaults() {
    List<Prefix> clusterCidrs = List.of(Prefix.parse("10.244.0.0/16"));
    return new NetworkConfiguration(
        clusterCidrs,
        24,
        64,
        1,
        VxlanPort.LINUX,
        AGENT_PORT,
        TransportPolicy.AUTO,
        Optional.empty(),
        List.of(),
        true,
        IpFamily.IPV4,
        PROBES_PER_SECOND,
        ServiceSettings.defaults(clusterCidrs, List.of()));
  }

  /** Whether pods with an address of that family leave the cluster under their node's. */
  public boolean masquerades(IpFamily family) {
    return switch (family) {
      case IPV4 -> true;
      case IPV6 -> masqueradeIpv6;
    };
  }

  public Optional<Prefix> clusterCidr(IpFamily family) {
    return clusterCidrs.stream().filter(cidr -> cidr.family() == family).findFirst();
  }

  public int podCidrLength(IpFamily family) {
    return switch (family) {
      case IPV4 -> podCidrLengthIpv4;
      case IPV6 -> podCidrLengthIpv6;
    };
  }
}
