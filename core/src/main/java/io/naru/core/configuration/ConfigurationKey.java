package io.naru.core.configuration;

import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The keys of a network configuration, as they are written. */
final class ConfigurationKey {
  static final String CLUSTER_CIDRS = "clusterCidrs";
  static final String POD_CIDR_LENGTH_IPV4 = "podCidrLengthIpv4";
  static final String POD_CIDR_LENGTH_IPV6 = "podCidrLengthIpv6";
  static final String VNI = "vni";
  static final String VXLAN_PORT = "vxlanPort";
  static final String AGENT_PORT = "agentPort";
  static final String TRANSPORT = "transport";
  static final String MTU = "mtu";
  static final String NO_MASQUERADE_CIDRS = "noMasqueradeCidrs";
  static final String MASQUERADE_IPV6 = "masqueradeIpv6";
  static final String TUNNEL_FAMILY = "tunnelFamily";
  static final String PROBES_PER_SECOND = "probesPerSecond";
  static final String SERVICE_CIDRS = "serviceCidrs";
  static final String AVOID_BROKEN_PATHS = "avoidBrokenPaths";
  static final String CLUSTER_DOMAIN = "clusterDomain";
  static final String DNS = "dns";
  static final String DNS_ADDRESSES = "dnsAddresses";
  static final String DNS_UPSTREAMS = "dnsUpstreams";
  static final String CLUSTER_DNS_UPSTREAMS = "clusterDnsUpstreams";

  static final List<String> ALL =
      List.of(
          CLUSTER_CIDRS,
          POD_CIDR_LENGTH_IPV4,
          POD_CIDR_LENGTH_IPV6,
          VNI,
          VXLAN_PORT,
          AGENT_PORT,
          TRANSPORT,
          MTU,
          NO_MASQUERADE_CIDRS,
          MASQUERADE_IPV6,
          TUNNEL_FAMILY,
          PROBES_PER_SECOND,
          SERVICE_CIDRS,
          AVOID_BROKEN_PATHS,
          CLUSTER_DOMAIN,
          DNS,
          DNS_ADDRESSES,
          DNS_UPSTREAMS,
          CLUSTER_DNS_UPSTREAMS);

  private ConfigurationKey() {}

  /** The known key that an unknown one was probably meant to be. */
  static Optional<String> nearest(String unknown) {
    String simple = simple(unknown);
    return ALL.stream()
        .min(Comparator.comparingInt(known -> distance(simple, simple(known))))
        .filter(known -> distance(simple, simple(known)) <= Math.max(2, known.length() / 3));
  }

  private static String simple(String key) {
    String short64 = key.length() > 64 ? key.substring(0, 64) : key;
    return short64.toLowerCase(Locale.ROOT).replaceAll("[-_. ]", "");
  }

  /** Number of single-character edits from one to the other (Levenshtein 1965). */
  private static int distance(String from, String to) {
    int[] row = new int[to.length() + 1];
    Arrays.setAll(row, i -> i);
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int substituted = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(substituted, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[to.length()];
  }
}
