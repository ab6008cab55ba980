package io.naru.core.configuration;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What the network does with services and their names.
 *
 * @param serviceCidrs the blocks that services have their addresses of, at most one a family
 * @param avoidBrokenPaths whether a backend behind a path known to be broken gets no new
 *     connections while another can be reached
 * @param clusterDomain what the names of services end with, without a dot at either end
 * @param dns whether agents answer names
 * @param dnsAddresses where they do, on every node, at most one a family
 * @param dnsUpstreams who is asked for the names of the world; none for the host's own resolvers
 * @param clusterDnsUpstreams who is asked for the names of the cluster, where that is not the agent
 */
public record ServiceSettings(
    List<Prefix> serviceCidrs,
    Boolean avoidBrokenPaths,
    String clusterDomain,
    Boolean dns,
    List<IpAddress> dnsAddresses,
    List<IpAddress> dnsUpstreams,
    List<IpAddress> clusterDnsUpstreams) {
  /** Domain of a cluster's names when nobody says otherwise. */
  public static final String CLUSTER_DOMAIN = "cluster.local";

  /** The first that overlaps nothing else of the network is the default of its family. */
  private static final List<Prefix> USUAL_CIDRS =
      List.of(
          Prefix.parse("10.96.0.0/16"),
          Prefix.parse("172.30.0.0/16"),
          Prefix.parse("100.96.0.0/16"),
          Prefix.parse("fd00:10:96::/112"),
          Prefix.parse("fd00:172:30::/112"));

  private static final List<IpAddress> DNS_ADDRESSES =
      List.of(IpAddress.parse("169.254.20.10"), IpAddress.parse("fd00:6e61:7275::53"));

  public ServiceSettings {
    Objects.requireNonNull(clusterDomain, "clusterDomain is missing");
    Objects.requireNonNull(avoidBrokenPaths, "avoidBrokenPaths is missing");
    Objects.requireNonNull(dns, "dns is missing");
    serviceCidrs = List.copyOf(serviceCidrs);
    dnsAddresses = List.copyOf(dnsAddresses);
    dnsUpstreams = List.copyOf(dnsUpstreams);
    clusterDnsUpstreams = List.copyOf(clusterDnsUpstreams);
  }

  /**
   * What holds when nobody says otherwise.
   *
   * @param clusterCidrs the network's: services have addresses of the same families
   * @param noMasqueradeCidrs the network's, which no service's address may be of
   */
  public static ServiceSettings defaults(
      List<Prefix> clusterCidrs, List<Prefix> noMasqueradeCidrs) {
    return new ServiceSettings(
        usualCidrs(clusterCidrs, noMasqueradeCidrs),
        true,
        CLUSTER_DOMAIN,
        true,
        DNS_ADDRESSES.stream()
            .filter(address -> clusterCidrs.stream().noneMatch(cidr -> cidr.contains(address)))
            .toList(),
        List.of(),
        List.of());
  }

  private static List<Prefix> usualCidrs(List<Prefix> clusterCidrs, List<Prefix> others) {
    List<Prefix> taken = new ArrayList<>(clusterCidrs);
    taken.addAll(others);
    List<Prefix> free = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      if (clusterCidrs.stream().anyMatch(cidr -> cidr.family() == family)) {
        USUAL_CIDRS.stream()
            .filter(cidr -> cidr.family() == family)
            .filter(cidr -> taken.stream().noneMatch(cidr::overlaps))
            .findFirst()
            .ifPresent(free::add);
      }
    }
    return free;
  }

  /** The block that services have their addresses of that family of. */
  public Optional<Prefix> serviceCidr(IpFamily family) {
    return serviceCidrs.stream().filter(cidr -> cidr.family() == family).findFirst();
  }
}
