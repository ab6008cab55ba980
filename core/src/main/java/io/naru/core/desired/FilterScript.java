package io.naru.core.desired;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.desired.CounterSet.Direction;
import io.naru.core.digest.Sha256;
import io.naru.core.state.KernelEntry.FilterTable;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The text of Naru's own nftables table: masquerade for what leaves the cluster, packet counters
 * for each peer, transport and direction, and the mark of what other people's filters let pass.
 */
public final class FilterScript {
  /** The name of the table, in family inet. */
  public static final String TABLE = "naru";

  /** The name of the chain that carries the fingerprint begins so. */
  public static final String FINGERPRINT_PREFIX = "made_from_";

  private FilterScript() {}

  static FilterTable table(NodeView view, HostFacts host) {
    String body = body(view, host);
    String fingerprint = fingerprint(body);
    String script =
        ("table inet " + TABLE + "\ndelete table inet " + TABLE + "\n")
            + ("table inet " + TABLE + " {\n")
            + ("  chain " + FINGERPRINT_PREFIX + fingerprint + " {\n  }\n")
            + (body + "}\n");
    return new FilterTable(TABLE, fingerprint, script);
  }

  /** Whether two views of one configuration want the same table, but for its sets' elements. */
  static boolean sameTable(NodeView one, NodeView other) {
    return body(one, HostFacts.NONE).equals(body(other, HostFacts.NONE));
  }

  private static String body(NodeView view, HostFacts host) {
    StringBuilder text = new StringBuilder();
    CounterSets.all(view).forEach(set -> text.append(declaration(set)));
    text.append("  chain postrouting_nat {\n");
    text.append("    type nat hook postrouting priority srcnat; policy accept;\n");
    for (Prefix cidr : view.self().podCidrs()) {
      IpFamily family = cidr.family();
      if (!view.configuration().masquerades(family)) {
        continue;
      }
      String ip = protocol(family);
      String stays = String.join(", ", stays(view, family));
      text.append("    " + ip + " saddr " + cidr + " " + ip + " daddr != { " + stays + " }")
          .append(" oifname != \"naru*\" masquerade fully-random\n");
    }
    text.append("  }\n");
    text.append(ownAddressesOnly(view, host));
    text.append(AcceptMark.chains(view, host));
    text.append("  chain count_sent {\n");
    text.append("    type filter hook postrouting priority raw; policy accept;\n");
    text.append(countRules(view, Direction.SENT));
    text.append("  }\n");
    text.append("  chain count_received {\n");
    text.append("    type filter hook prerouting priority raw; policy accept;\n");
    text.append(countRules(view, Direction.RECEIVED));
    text.append("  }\n");
    return text.toString();
  }

  private static String declaration(CounterSet set) {
    String type =
        switch (set.family()) {
          case IPV4 -> "ipv4_addr";
          case IPV6 -> "ipv6_addr";
        };
    return "  set " + set.name() + " {\n    type " + type + "\n    counter\n  }\n";
  }

  /**
   * A pod may send only from an address whose route leads back to it. For IPv4 the strict rp_filter
   * of its host end sees to that, unless the host loosens all; IPv6 has none. What has no address
   * yet (RFC 4862) is not forwarded anyway.
   */
  private static String ownAddressesOnly(NodeView view, HostFacts host) {
    StringBuilder rules = new StringBuilder();
    if (host.looseReversePath() && view.self().podCidr(IpFamily.IPV4).isPresent()) {
      rules.append("    meta nfproto ipv4 fib saddr . iif oif missing drop\n");
    }
    if (view.self().podCidr(IpFamily.IPV6).isPresent()) {
      rules.append("    ip6 saddr != :: fib saddr . iif oif missing drop\n");
    }
    return rules.isEmpty()
        ? ""
        : """
            chain own_addresses_only {
              type filter hook prerouting priority raw; policy accept;
              iifname != "naru*" accept
              iifname "%s" accept
          """
                .formatted(DesiredState.TUNNEL)
            + rules
            + "  }\n";
  }

  /** A rule that looks an address up in a set counts the packet at the element it finds. */
  private static String countRules(NodeView view, Direction direction) {
    StringBuilder text = new StringBuilder();
    for (CounterSet set : CounterSets.all(view)) {
      if (set.direction() == direction) {
        String nic = "name \"" + view.underlay().interfaceName() + "\" ";
        String ip = protocol(set.family());
        String address =
            switch (direction) {
              case SENT -> "    oif" + nic + port(view, set) + ip + " daddr";
              case RECEIVED -> "    iif" + nic + port(view, set) + ip + " saddr";
            };
        text.append(address + mask(set) + " @" + set.name() + "\n");
      }
    }
    return text.toString();
  }

  private static String port(NodeView view, CounterSet set) {
    return switch (set.transport()) {
      case DIRECT -> "";
      case VXLAN -> "udp dport " + view.configuration().vxlanPort() + " ";
    };
  }

  private static String mask(CounterSet set) {
    return set.length() == set.family().bits()
        ? ""
        : " & " + Prefix.netmask(set.family(), set.length());
  }

  /** Destinations that see the pods' own addresses. */
  private static List<String> stays(NodeView view, IpFamily family) {
    String multicast =
        switch (family) {
          case IPV4 -> "224.0.0.0/4";
          case IPV6 -> "ff00::/8";
        };
    List<Prefix> prefixes =
        Stream.of(
                view.configuration().clusterCidrs(),
                view.configuration().noMasqueradeCidrs(),
                List.of(Prefix.parse(multicast)))
            .flatMap(List::stream)
            .filter(prefix -> prefix.family() == family)
            .distinct()
            .toList();
    // An interval set refuses elements that overlap: the wider one says it all.
    return prefixes.stream()
        .filter(p -> prefixes.stream().noneMatch(wide -> !wide.equals(p) && wide.contains(p)))
        .map(Prefix::toString)
        .sorted()
        .toList();
  }

  /** As nft calls the family's headers. */
  public static String protocol(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ip";
      case IPV6 -> "ip6";
    };
  }

  private static String fingerprint(String text) {
    return HexFormat.of().formatHex(Sha256.of(text), 0, 8);
  }
}
