package io.naru.core.configuration;

import static io.naru.core.configuration.ConfigurationKey.AVOID_BROKEN_PATHS;
import static io.naru.core.configuration.ConfigurationKey.CLUSTER_CIDRS;
import static io.naru.core.configuration.ConfigurationKey.CLUSTER_DNS_UPSTREAMS;
import static io.naru.core.configuration.ConfigurationKey.CLUSTER_DOMAIN;
import static io.naru.core.configuration.ConfigurationKey.DNS;
import static io.naru.core.configuration.ConfigurationKey.DNS_ADDRESSES;
import static io.naru.core.configuration.ConfigurationKey.DNS_UPSTREAMS;
import static io.naru.core.configuration.ConfigurationKey.NO_MASQUERADE_CIDRS;
import static io.naru.core.configuration.ConfigurationKey.SERVICE_CIDRS;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** The part of a configuration that is about services and names. */
final class ServiceSettingsParser {
  /** Thirty-two addresses: the first eleven are kept for people. */
  private static final int LEAST_HOST_BITS = 5;

  private static final String LABEL = "[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?";
  private static final Pattern DOMAIN = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  /** A name has 253 characters (RFC 1035); a pod's, service's and namespace's come before it. */
  private static final int LONGEST_DOMAIN = 100;

  private final DecodedValues values;
  private final List<Prefix> clusterCidrs;
  private final List<Prefix> noMasqueradeCidrs;

  private ServiceSettingsParser(
      DecodedValues values, List<Prefix> clusterCidrs, List<Prefix> noMasqueradeCidrs) {
    this.values = values;
    this.clusterCidrs = clusterCidrs;
    this.noMasqueradeCidrs = noMasqueradeCidrs;
  }

  static ServiceSettings parse(
      DecodedValues values, List<Prefix> clusterCidrs, List<Prefix> noMasqueradeCidrs) {
    return new ServiceSettingsParser(values, clusterCidrs, noMasqueradeCidrs).parse();
  }

  static void write(ServiceSettings settings, Map<String, Object> map) {
    map.put(SERVICE_CIDRS, texts(settings.serviceCidrs()));
    map.put(AVOID_BROKEN_PATHS, settings.avoidBrokenPaths());
    map.put(CLUSTER_DOMAIN, settings.clusterDomain());
    map.put(DNS, settings.dns());
    map.put(DNS_ADDRESSES, texts(settings.dnsAddresses()));
    map.put(DNS_UPSTREAMS, texts(settings.dnsUpstreams()));
    map.put(CLUSTER_DNS_UPSTREAMS, texts(settings.clusterDnsUpstreams()));
  }

  private static List<String> texts(List<?> list) {
    return list.stream().map(Object::toString).toList();
  }

  private ServiceSettings parse() {
    ServiceSettings defaults = ServiceSettings.defaults(clusterCidrs, noMasqueradeCidrs);
    List<IpAddress> dnsAddresses =
        values
            .addresses(DNS_ADDRESSES, "169.254.20.10, 'fd00:6e61:7275::53'")
            .orElse(defaults.dnsAddresses());
    checkDnsAddresses(dnsAddresses);
    return new ServiceSettings(
        serviceCidrs(defaults),
        values.choice(AVOID_BROKEN_PATHS, defaults.avoidBrokenPaths()),
        clusterDomain(defaults),
        values.choice(DNS, defaults.dns()),
        dnsAddresses,
        upstreams(DNS_UPSTREAMS, dnsAddresses),
        upstreams(CLUSTER_DNS_UPSTREAMS, dnsAddresses));
  }

  private List<Prefix> serviceCidrs(ServiceSettings defaults) {
    Optional<List<Prefix>> written =
        values.prefixes(SERVICE_CIDRS, "10.96.0.0/16, 'fd00:10:96::/112'");
    if (written.isEmpty()) {
      return defaults.serviceCidrs();
    }
    List<Prefix> cidrs = written.get();
    oneOfEachFamily(SERVICE_CIDRS, cidrs, cidrs.stream().map(Prefix::family).toList(), "block");
    for (Prefix cidr : cidrs) {
      NetworkConfigurationParser.refuseUnusable(
          values, SERVICE_CIDRS, cidr, "no service", "10.96.0.0/16", "fd00:10:96::/112");
      refuseOverlap(cidr, CLUSTER_CIDRS, clusterCidrs);
      refuseOverlap(cidr, NO_MASQUERADE_CIDRS, noMasqueradeCidrs);
      int longest = cidr.family().bits() - LEAST_HOST_BITS;
      if (cidr.length() > longest) {
        values.mistake(
            SERVICE_CIDRS,
            cidr + " has too few addresses for services",
            "write a block of length " + longest + " or less");
      }
    }
    return cidrs;
  }

  private void refuseOverlap(Prefix cidr, String key, List<Prefix> others) {
    others.stream()
        .filter(cidr::overlaps)
        .findFirst()
        .ifPresent(
            other ->
                values.mistake(
                    SERVICE_CIDRS,
                    cidr + " overlaps " + other + " of " + key,
                    "write a block of its own for services"));
  }

  private void oneOfEachFamily(String key, List<?> all, List<IpFamily> families, String what) {
    if (families.stream().distinct().count() < families.size()) {
      values.mistake(
          key,
          String.join(" and ", texts(all)) + " are more than one of a family",
          "write at most one IPv4 and one IPv6 " + what);
    }
  }

  private String clusterDomain(ServiceSettings defaults) {
    String right = "write a domain of a-z, 0-9, '-' and dots, like cluster.local";
    Optional<String> text = values.text(CLUSTER_DOMAIN, right);
    if (text.isPresent()
        && (text.get().length() > LONGEST_DOMAIN || !DOMAIN.matcher(text.get()).matches())) {
      values.mistake(
          CLUSTER_DOMAIN, DecodedValues.shown(text.get()) + " is no domain of names", right);
    }
    return text.orElse(defaults.clusterDomain());
  }

  private void checkDnsAddresses(List<IpAddress> addresses) {
    oneOfEachFamily(
        DNS_ADDRESSES, addresses, addresses.stream().map(IpAddress::family).toList(), "address");
    for (IpAddress address : addresses) {
      if (address.isMulticast()
          || address.isUnspecified()
          || address.isLoopback()
          || address.isIpv6() && address.isLinkLocal()) {
        values.mistake(
            DNS_ADDRESSES,
            "no pod could ask " + address,
            "write an address that nobody else has, like "
                + (address.isIpv4() ? "169.254.20.10" : "fd00:6e61:7275::53"));
      }
      clusterCidrs.stream()
          .filter(cidr -> cidr.contains(address))
          .forEach(
              cidr ->
                  values.mistake(
                      DNS_ADDRESSES,
                      address + " is a pod's, of " + cidr,
                      "write one outside of " + CLUSTER_CIDRS));
    }
  }

  private List<IpAddress> upstreams(String key, List<IpAddress> own) {
    List<IpAddress> upstreams =
        values.addresses(key, "192.0.2.53, '2001:db8::53'").orElse(List.<IpAddress>of());
    for (IpAddress upstream : upstreams) {
      if (upstream.isMulticast() || upstream.isUnspecified()) {
        values.mistake(key, upstream + " is no host's address", "write that of a name server");
      }
      if (own.contains(upstream)) {
        values.mistake(
            key,
            upstream + " is where the agents themselves answer",
            "write the address of another name server");
      }
    }
    if (upstreams.stream().distinct().count() < upstreams.size()) {
      values.mistake(key, "an address is there twice", "write each once");
    }
    return upstreams;
  }
}
