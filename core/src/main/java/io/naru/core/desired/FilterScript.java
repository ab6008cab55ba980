package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.path.Transport;
import io.naru.core.state.KernelEntry.FilterTable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * The text of Naru's own nftables table: masquerade for what leaves the cluster, and packet
 * counters for each peer, transport and direction.
 */
public final class FilterScript {
  /** The name of the table, in family inet. */
  public static final String TABLE = "naru";

  /** The name of the chain that carries the fingerprint begins so. */
  public static final String FINGERPRINT_PREFIX = "made_from_";

  /** The comment that marks a rule of ours in somebody else's chain. */
  public static final String ACCEPT_COMMENT = "naru: pods may pass";

  private FilterScript() {}

  static FilterTable table(NodeView view) {
    String body = body(view);
    String fingerprint = fingerprint(body);
    String script =
        ("table inet " + TABLE + "\ndelete table inet " + TABLE + "\n")
            + ("table inet " + TABLE + " {\n")
            + ("  chain " + FINGERPRINT_PREFIX + fingerprint + " {\n  }\n")
            + (body + "}\n");
    return new FilterTable(TABLE, fingerprint, script);
  }

  private static String body(NodeView view) {
    StringBuilder text = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      text.append(set("cluster" + digit(family), family, true, false, stays(view, family)));
      for (Transport transport : Transport.values()) {
        List<String> peers = elements(view, transport, family);
        for (Direction direction : Direction.values()) {
          String name = counterSet(transport, direction, family);
          text.append(set(name, family, transport == Transport.DIRECT, true, peers));
        }
      }
    }
    text.append("  chain postrouting_nat {\n");
    text.append("    type nat hook postrouting priority srcnat; policy accept;\n");
    for (Prefix cidr : view.self().podCidrs()) {
      IpFamily family = cidr.family();
      if (!view.configuration().masquerades(family)) {
        continue;
      }
      String ip = protocol(family);
      text.append("    " + ip + " saddr " + cidr + " " + ip + " daddr != @cluster")
          .append(digit(family) + " oifname != \"naru*\" masquerade fully-random\n");
    }
    text.append("  }\n");
    text.append(ownAddressesOnly());
    text.append("  chain count_sent {\n");
    text.append("    type filter hook postrouting priority raw; policy accept;\n");
    text.append(countRules(view, Direction.SENT, "oifname", "daddr"));
    text.append("  }\n");
    text.append("  chain count_received {\n");
    text.append("    type filter hook prerouting priority raw; policy accept;\n");
    text.append(countRules(view, Direction.RECEIVED, "iifname", "saddr"));
    text.append("  }\n");
    return text.toString();
  }

  /**
   * A pod may send only from an address whose route leads back to it, whatever rp_filter says; IPv6
   * has none. What has no address yet (RFC 4862) is not forwarded anyway.
   */
  private static String ownAddressesOnly() {
    return """
      chain own_addresses_only {
        type filter hook prerouting priority raw; policy accept;
        iifname != "naru*" accept
        iifname "%s" accept
        ip6 saddr :: accept
        fib saddr . iif oif missing drop
      }
    """
        .formatted(DesiredState.TUNNEL);
  }

  /** Which way a counted packet went. */
  public enum Direction {
    SENT,
    RECEIVED
  }

  /** The name of the set whose elements count a transport's packets, one element a peer. */
  public static String counterSet(Transport transport, Direction direction, IpFamily family) {
    return transport
        + switch (direction) {
          case SENT -> "_sent";
          case RECEIVED -> "_received";
        }
        + digit(family);
  }

  private static String countRules(
      NodeView view, Direction direction, String interfaceWord, String addressWord) {
    StringBuilder text = new StringBuilder();
    String nic = view.underlay().interfaceName();
    for (IpFamily family : IpFamily.values()) {
      String address = protocol(family) + " " + addressWord;
      text.append("    " + interfaceWord + " \"" + nic + "\" " + address)
          .append(" @" + counterSet(Transport.DIRECT, direction, family) + "\n");
      text.append("    " + interfaceWord + " \"" + nic + "\" udp dport ")
          .append(view.configuration().vxlanPort() + " " + address)
          .append(" @" + counterSet(Transport.VXLAN, direction, family) + "\n");
    }
    return text.toString();
  }

  private static List<String> elements(NodeView view, Transport transport, IpFamily family) {
    Stream<String> texts =
        switch (transport) {
          case DIRECT ->
              view.peers().stream()
                  .filter(peer -> view.usableTransports(peer).contains(transport))
                  .flatMap(peer -> peer.podCidrs().stream())
                  .filter(cidr -> cidr.family() == family)
                  .map(Prefix::toString);
          case VXLAN ->
              view.peers().stream()
                  .filter(peer -> view.usableTransports(peer).contains(transport))
                  .map(Node::publicAddresses)
                  .flatMap(Collection::stream)
                  .filter(address -> address.family() == family)
                  .map(IpAddress::toString);
        };
    return texts.distinct().sorted().toList();
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

  private static String set(
      String name, IpFamily family, boolean interval, boolean counter, List<String> elements) {
    String type =
        switch (family) {
          case IPV4 -> "ipv4_addr";
          case IPV6 -> "ipv6_addr";
        };
    return ("  set " + name + " {\n    type " + type + "\n")
        + (interval ? "    flags interval\n" : "")
        + (counter ? "    counter\n" : "")
        + (elements.isEmpty() ? "" : "    elements = { " + String.join(", ", elements) + " }\n")
        + "  }\n";
  }

  /** Whether pod packets of this cluster can meet that chain at all. */
  static boolean accepts(NodeView view, HostFacts.ForeignChain chain) {
    return !acceptRules(view.configuration().clusterCidrs(), chain.family()).isEmpty();
  }

  /** The matches themselves: short, and what a kernel's rules can be turned back into. */
  static String acceptFingerprint(NodeView view, HostFacts.ForeignChain chain) {
    return String.join(", ", acceptRules(view.configuration().clusterCidrs(), chain.family()));
  }

  /** Matches, for {@code insert rule FAMILY TABLE CHAIN …}, that let pod packets pass. */
  public static List<String> acceptRules(List<Prefix> clusterCidrs, String chainFamily) {
    return clusterCidrs.stream()
        .filter(cidr -> chainFamily.equals("inet") || chainFamily.equals(protocol(cidr.family())))
        .flatMap(FilterScript::acceptRules)
        .toList();
  }

  /**
   * Pods may send, pods may reach pods, and replies may come; who else may reach a pod, the chain
   * says.
   */
  private static Stream<String> acceptRules(Prefix cidr) {
    String from = protocol(cidr.family()) + " saddr " + cidr;
    String to = protocol(cidr.family()) + " daddr " + cidr;
    return Stream.of(
        "iifname \"naru*\" " + from,
        "oifname \"naru*\" " + from + " " + to,
        "oifname \"naru*\" " + to + " ct state established,related");
  }

  private static String protocol(IpFamily family) {
    return switch (family) {
      case IPV4 -> "ip";
      case IPV6 -> "ip6";
    };
  }

  private static String digit(IpFamily family) {
    return switch (family) {
      case IPV4 -> "4";
      case IPV6 -> "6";
    };
  }

  private static String fingerprint(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, 8);
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("every JDK has SHA-256", impossible);
    }
  }
}
