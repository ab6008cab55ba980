package io.naru.core.configuration;

import static io.naru.core.configuration.ConfigurationKey.AGENT_PORT;
import static io.naru.core.configuration.ConfigurationKey.CLUSTER_CIDRS;
import static io.naru.core.configuration.ConfigurationKey.MASQUERADE_IPV6;
import static io.naru.core.configuration.ConfigurationKey.MTU;
import static io.naru.core.configuration.ConfigurationKey.NO_MASQUERADE_CIDRS;
import static io.naru.core.configuration.ConfigurationKey.POD_CIDR_LENGTH_IPV4;
import static io.naru.core.configuration.ConfigurationKey.POD_CIDR_LENGTH_IPV6;
import static io.naru.core.configuration.ConfigurationKey.PROBES_PER_SECOND;
import static io.naru.core.configuration.ConfigurationKey.TRANSPORT;
import static io.naru.core.configuration.ConfigurationKey.TUNNEL_FAMILY;
import static io.naru.core.configuration.ConfigurationKey.VNI;
import static io.naru.core.configuration.ConfigurationKey.VXLAN_PORT;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Makes a {@link NetworkConfiguration} of a decoded map and checks it as a whole: every mistake is
 * reported at once. A key that is absent or null has its default.
 */
public final class NetworkConfigurationParser {
  /** Least MTU of a link that carries IPv6 (RFC 8200, section 5). */
  private static final int LEAST_MTU_IPV6 = 1280;

  /** Every IPv4 host accepts datagrams of this size (RFC 791, section 3.1). */
  private static final int LEAST_MTU_IPV4 = 576;

  /** Blocks no pod can have its address from: "this host", loopback, link-local, multicast. */
  private static final List<Prefix> UNUSABLE =
      List.of(
          Prefix.parse("0.0.0.0/8"),
          Prefix.parse("127.0.0.0/8"),
          Prefix.parse("169.254.0.0/16"),
          Prefix.parse("224.0.0.0/3"),
          Prefix.parse("::/96"),
          Prefix.parse("::ffff:0.0.0.0/96"),
          Prefix.parse("fe80::/10"),
          Prefix.parse("ff00::/8"));

  private NetworkConfigurationParser() {}

  /**
   * Parses decoded YAML or JSON: lists of text for blocks of addresses, whole numbers, text.
   *
   * @throws ConfigurationException with every mistake
   */
  public static NetworkConfiguration parse(Map<String, ? extends @Nullable Object> decoded) {
    NetworkConfiguration defaults = NetworkConfiguration.defaults();
    DecodedValues values = new DecodedValues(decoded);
    values.unknownKeys();
    List<Prefix> clusterCidrs = clusterCidrs(values, defaults);
    int lengthIpv4 = podCidrLength(values, clusterCidrs, IpFamily.IPV4, defaults);
    int lengthIpv6 = podCidrLength(values, clusterCidrs, IpFamily.IPV6, defaults);
    int vni = values.integer(VNI, 1, (1 << 24) - 1, defaults.vni());
    int vxlanPort = values.integer(VXLAN_PORT, 1, 65535, defaults.vxlanPort());
    int agentPort = values.integer(AGENT_PORT, 1, 65535, defaults.agentPort());
    TransportPolicy transport = transport(values, defaults);
    Optional<Integer> mtu = mtu(values, clusterCidrs);
    List<Prefix> noMasquerade = noMasqueradeCidrs(values, clusterCidrs);
    boolean masqueradeIpv6 = values.choice(MASQUERADE_IPV6, defaults.masqueradeIpv6());
    IpFamily tunnelFamily = tunnelFamily(values, defaults);
    int probesPerSecond = values.integer(PROBES_PER_SECOND, 10, 10_000, defaults.probesPerSecond());
    ServiceSettings services = ServiceSettingsParser.parse(values, clusterCidrs, noMasquerade);
    if (!values.mistakes().isEmpty()) {
      throw new ConfigurationException(values.mistakes());
    }
    return new NetworkConfiguration(
        clusterCidrs,
        lengthIpv4,
        lengthIpv6,
        vni,
        vxlanPort,
        agentPort,
        transport,
        mtu,
        noMasquerade,
        masqueradeIpv6,
        tunnelFamily,
        probesPerSecond,
        services);
  }

  /** The map that {@link #parse} makes the same configuration of, with every key that is set. */
  public static Map<String, Object> toMap(NetworkConfiguration configuration) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put(CLUSTER_CIDRS, configuration.clusterCidrs().stream().map(Prefix::toString).toList());
    map.put(POD_CIDR_LENGTH_IPV4, configuration.podCidrLengthIpv4());
    map.put(POD_CIDR_LENGTH_IPV6, configuration.podCidrLengthIpv6());
    map.put(VNI, configuration.vni());
    map.put(VXLAN_PORT, configuration.vxlanPort());
    map.put(AGENT_PORT, configuration.agentPort());
    map.put(TRANSPORT, configuration.transport().toString());
    configuration.mtu().ifPresent(mtu -> map.put(MTU, mtu));
    map.put(
        NO_MASQUERADE_CIDRS,
        configuration.noMasqueradeCidrs().stream().map(Prefix::toString).toList());
    map.put(MASQUERADE_IPV6, configuration.masqueradeIpv6());
    map.put(TUNNEL_FAMILY, written(configuration.tunnelFamily()));
    map.put(PROBES_PER_SECOND, configuration.probesPerSecond());
    ServiceSettingsParser.write(configuration.services(), map);
    return map;
  }

  private static List<Prefix> clusterCidrs(DecodedValues values, NetworkConfiguration defaults) {
    Optional<List<Prefix>> written = values.prefixes(CLUSTER_CIDRS, "10.244.0.0/16, fd10::/48");
    if (written.isEmpty()) {
      return defaults.clusterCidrs();
    }
    List<Prefix> cidrs = written.get();
    if (cidrs.isEmpty() && !values.hasMistakes(CLUSTER_CIDRS)) {
      values.mistake(
          CLUSTER_CIDRS,
          "the list is empty, so no pod could have an address",
          "write at least one block, like 10.244.0.0/16");
    }
    for (IpFamily family : IpFamily.values()) {
      List<Prefix> same = cidrs.stream().filter(cidr -> cidr.family() == family).toList();
      if (same.size() > 1) {
        values.mistake(
            CLUSTER_CIDRS,
            join(same) + " are of one family",
            "write at most one IPv4 and one IPv6 block");
      }
    }
    for (Prefix cidr : cidrs) {
      refuseUnusable(values, CLUSTER_CIDRS, cidr, "no pod", "10.244.0.0/16", "fd10::/48");
    }
    return cidrs;
  }

  /** Notes a block that overlaps one whose addresses nobody in a cluster can have. */
  static void refuseUnusable(
      DecodedValues values, String key, Prefix cidr, String nobody, String ipv4, String ipv6) {
    UNUSABLE.stream()
        .filter(cidr::overlaps)
        .findFirst()
        .ifPresent(
            block ->
                values.mistake(
                    key,
                    cidr + " overlaps " + block + ", whose addresses " + nobody + " can have",
                    "write a private block, like "
                        + (cidr.family() == IpFamily.IPV4 ? ipv4 : ipv6)));
  }

  private static int podCidrLength(
      DecodedValues values,
      List<Prefix> clusterCidrs,
      IpFamily family,
      NetworkConfiguration defaults) {
    String key = family == IpFamily.IPV4 ? POD_CIDR_LENGTH_IPV4 : POD_CIDR_LENGTH_IPV6;
    // The network's own address, the gateway's and, with IPv4, the broadcast address are not pods'.
    int longest = family.bits() - 2;
    boolean known = !values.hasMistakes(key);
    int length = values.integer(key, 1, longest, defaults.podCidrLength(family));
    if (known && values.hasMistakes(key)) {
      return length;
    }
    for (Prefix cidr : clusterCidrs) {
      if (cidr.family() == family && length < cidr.length()) {
        values.mistake(
            key,
            "a node's block of length "
                + length
                + (values.has(key) ? "" : " (the default)")
                + " is larger than the whole of "
                + cidr,
            cidr.length() <= longest
                ? "write a number from " + cidr.length() + " to " + longest
                : "write a shorter prefix in " + CLUSTER_CIDRS);
        return length;
      }
    }
    return length;
  }

  private static TransportPolicy transport(DecodedValues values, NetworkConfiguration defaults) {
    String names =
        Arrays.stream(TransportPolicy.values())
            .map(TransportPolicy::toString)
            .collect(Collectors.joining(", "));
    Optional<String> text = values.text(TRANSPORT, "write one of " + names);
    for (TransportPolicy policy : TransportPolicy.values()) {
      if (text.isPresent() && policy.toString().equals(text.get())) {
        return policy;
      }
    }
    text.ifPresent(
        wrong ->
            values.mistake(
                TRANSPORT,
                DecodedValues.shown(wrong) + " is not a transport policy",
                "write one of " + names));
    return defaults.transport();
  }

  private static IpFamily tunnelFamily(DecodedValues values, NetworkConfiguration defaults) {
    String right = "write ipv4 or ipv6";
    Optional<String> text = values.text(TUNNEL_FAMILY, right);
    for (IpFamily family : IpFamily.values()) {
      if (text.equals(Optional.of(written(family)))) {
        return family;
      }
    }
    text.ifPresent(
        wrong ->
            values.mistake(
                TUNNEL_FAMILY, DecodedValues.shown(wrong) + " is no family of addresses", right));
    return defaults.tunnelFamily();
  }

  private static String written(IpFamily family) {
    return family.toString().toLowerCase(Locale.ROOT);
  }

  private static Optional<Integer> mtu(DecodedValues values, List<Prefix> clusterCidrs) {
    if (!values.has(MTU)) {
      return Optional.empty();
    }
    boolean ipv6 = clusterCidrs.stream().anyMatch(cidr -> cidr.family() == IpFamily.IPV6);
    int least = ipv6 ? LEAST_MTU_IPV6 : LEAST_MTU_IPV4;
    return Optional.of(values.integer(MTU, least, 65535, 1450));
  }

  private static List<Prefix> noMasqueradeCidrs(DecodedValues values, List<Prefix> clusterCidrs) {
    List<Prefix> cidrs =
        values.prefixes(NO_MASQUERADE_CIDRS, "192.168.0.0/16").orElse(List.<Prefix>of());
    for (int i = 0; i < cidrs.size(); i++) {
      Prefix cidr = cidrs.get(i);
      for (Prefix other : cidrs.subList(0, i)) {
        if (cidr.overlaps(other)) {
          values.mistake(
              NO_MASQUERADE_CIDRS,
              cidr + " overlaps " + other + " of the same list",
              "leave " + (other.contains(cidr) ? cidr : other) + " out");
        }
      }
      for (Prefix cluster : clusterCidrs) {
        if (cluster.contains(cidr)) {
          values.mistake(
              NO_MASQUERADE_CIDRS,
              cidr + " is part of the cluster's " + cluster + ", which is never masqueraded",
              "leave it out");
        }
      }
    }
    return cidrs;
  }

  private static String join(List<Prefix> prefixes) {
    return prefixes.stream().map(Prefix::toString).collect(Collectors.joining(" and "));
  }
}
