package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.desired.DesiredState;
import io.naru.core.desired.FilterScript;
import io.naru.core.desired.NodeView;
import io.naru.core.digest.Sha256;
import io.naru.core.service.PickChain.Front;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The text of the services' nftables table. A connection's first packet is looked up once by
 * address, protocol and port, and once more for its backend: what that costs does not grow with the
 * number of services. Connection tracking does the rest.
 */
public final class ServiceScript {
  /** The name of the table, in family inet. */
  public static final String TABLE = "naru-services";

  private static final String FINGERPRINT_PREFIX = "made_from_";

  /** How many clients of all services with affinity are remembered, of each kind. */
  private static final int CLIENTS = 65536;

  /** So many elements stand in one command. */
  private static final int AT_ONCE = 2000;

  private ServiceScript() {}

  /** The chain that a table has which was made from the same text. */
  public static String fingerprintChain(NodeView view) {
    return FINGERPRINT_PREFIX + HexFormat.of().formatHex(Sha256.of(body(view)), 0, 8);
  }

  /**
   * The table anew, without elements.
   *
   * @param keep whether the table is there and was made from the same text: what the kernel
   *     remembers of clients then stays
   */
  public static String table(NodeView view, boolean keep) {
    StringBuilder text = new StringBuilder("add table inet " + TABLE + "\n");
    if (keep) {
      text.append("flush table inet " + TABLE + "\n");
      for (IpFamily family : IpFamily.values()) {
        filled(family)
            .forEach(
                (name, kind) ->
                    text.append("flush " + kind + " inet " + TABLE + " " + name + "\n"));
      }
    } else {
      text.append("delete table inet " + TABLE + "\n");
    }
    return text.append("table inet " + TABLE + " {\n")
        .append("  chain " + fingerprintChain(view) + " {\n  }\n")
        .append(body(view))
        .append("}\n")
        .toString();
  }

  /** The names of the maps and sets whose elements are written from outside. */
  public static List<String> filled() {
    return Stream.of(IpFamily.values())
        .flatMap(family -> filled(family).keySet().stream())
        .distinct()
        .toList();
  }

  /** The maps and sets that are filled from outside, and what each is. */
  private static Map<String, String> filled(IpFamily family) {
    String digit = PickChain.digit(family);
    Map<String, String> names = new LinkedHashMap<>();
    names.put("services" + digit, "map");
    names.put("node_ports" + digit, "map");
    names.put("external_ports" + digit, "map");
    for (Front front : Front.values()) {
      names.put(front.backends(family), "map");
      names.put(front.ids(family), "map");
      names.put(front.backendsById(family), "map");
      names.put(front.targets(family), "map");
    }
    names.put("host_backends" + digit, "set");
    names.put("hairpin" + digit, "set");
    return names;
  }

  private static String body(NodeView view) {
    StringBuilder text = new StringBuilder();
    for (IpFamily family : IpFamily.values()) {
      text.append(maps(family));
    }
    text.append(chain(ServiceElements.REFUSE, refuse()));
    text.append(chain("node_ports", nodePorts(view)));
    text.append(chain("services", services()));
    text.append(
        chain(
            "prerouting",
            List.of("type nat hook prerouting priority dstnat; policy accept;", "jump services")));
    text.append(
        chain(
            "output",
            List.of("type nat hook output priority -100; policy accept;", "jump services")));
    text.append(chain("postrouting", postrouting(view)));
    return text.toString();
  }

  private static String maps(IpFamily family) {
    String ip = FilterScript.protocol(family);
    String digit = PickChain.digit(family);
    StringBuilder text = new StringBuilder();
    String address = ip + " daddr";
    String number = " . numgen random mod 65536";
    text.append(map("services" + digit, Front.CLUSTER.selector(family), "verdict"));
    text.append(map("node_ports" + digit, Front.NODE.selector(family), "verdict"));
    text.append(map("external_ports" + digit, Front.NODE.selector(family), "verdict"));
    // Two maps for address and port: nft 1.0.6 cannot read back a map to both that it made.
    text.append(map(Front.CLUSTER.targets(family), Front.CLUSTER.selector(family), "th dport"));
    text.append(map(Front.NODE.targets(family), Front.NODE.selector(family), "th dport"));
    for (Front front : Front.values()) {
      String service = front.selector(family);
      text.append(map(front.backends(family), service + number, address));
      text.append(map(front.ids(family), service + number, "meta priority"));
      text.append(map(front.backendsById(family), service + " . meta priority", address));
      text.append(
          "  map %s {\n    typeof %s : meta priority\n    flags timeout,dynamic\n    size %d\n  }\n"
              .formatted(front.affinity(family), front.clientTypes(family), CLIENTS));
    }
    text.append(set("host_backends" + digit, ip + " daddr . meta l4proto . th dport"));
    text.append(set("hairpin" + digit, ip + " saddr . " + ip + " daddr"));
    return text.toString();
  }

  private static String map(String name, String key, String value) {
    return "  map " + name + " {\n    typeof " + key + " : " + value + "\n  }\n";
  }

  private static String set(String name, String key) {
    return "  set " + name + " {\n    typeof " + key + "\n  }\n";
  }

  private static String chain(String name, List<String> lines) {
    return "  chain " + name + " {\n    " + String.join("\n    ", lines) + "\n  }\n";
  }

  private static List<String> refuse() {
    return List.of("meta l4proto tcp reject with tcp reset", "reject with icmpx port-unreachable");
  }

  private static List<String> services() {
    return List.of(
        "ip daddr . meta l4proto . th dport vmap @services4",
        "ip6 daddr . meta l4proto . th dport vmap @services6",
        // From a loopback address nothing leaves the host.
        "ip daddr != 127.0.0.0/8 fib daddr type local jump node_ports",
        "ip6 daddr != ::1 fib daddr type local jump node_ports");
  }

  /** Who is outside of the cluster may be given other backends than who is within. */
  private static List<String> nodePorts(NodeView view) {
    List<String> rules = new ArrayList<>();
    for (IpFamily family : IpFamily.values()) {
      String digit = PickChain.digit(family);
      Optional<Prefix> cluster = view.configuration().clusterCidr(family);
      String within =
          cluster.map(cidr -> FilterScript.protocol(family) + " saddr != " + cidr + " ").orElse("");
      String only = PickChain.only(family);
      rules.add(
          only
              + within
              + "fib saddr type != local meta l4proto . th dport vmap @external_ports"
              + digit);
      rules.add(only + "meta l4proto . th dport vmap @node_ports" + digit);
    }
    return rules;
  }

  /** The answers of a backend must come back to the node that chose it. */
  private static List<String> postrouting(NodeView view) {
    List<String> rules = new ArrayList<>();
    rules.add("type nat hook postrouting priority srcnat - 1; policy accept;");
    for (Prefix own : view.self().podCidrs()) {
      IpFamily family = own.family();
      String ip = FilterScript.protocol(family);
      String digit = PickChain.digit(family);
      IpAddress gateway = NodeView.gateway(own).address();
      rules.add(
          "ct status dnat %s saddr . %s daddr @hairpin%s snat %s to %s"
              .formatted(ip, ip, digit, ip, gateway));
      view.configuration()
          .clusterCidr(family)
          .ifPresent(
              cluster -> {
                rules.add(
                    "ct status dnat %s saddr != %s %s daddr %s oifname { \"%s\", \"%s\" } masquerade"
                            .formatted(
                                ip,
                                own,
                                ip,
                                cluster,
                                DesiredState.TUNNEL,
                                view.underlay().interfaceName())
                        + " fully-random");
                rules.add(
                    ("ct status dnat %s saddr != %s fib saddr type != local %s daddr . meta l4proto"
                            + " . th dport @host_backends%s masquerade fully-random")
                        .formatted(ip, own, ip, digit));
              });
    }
    return rules;
  }

  /** A pod that its own service leads back to itself would answer itself: it sees its node. */
  public static List<MapElement> hairpins(NodeView view) {
    return view.pods().stream()
        .flatMap(pod -> pod.addresses().stream())
        .map(
            address -> {
              Datum pod = new Datum.Address(address);
              return new MapElement(
                  "hairpin" + PickChain.digit(address.family()),
                  List.of(pod, pod),
                  new MapElement.Value.Nothing());
            })
        .toList();
  }

  /** Makes chains that are not there yet. */
  public static String chains(Collection<ServiceElements.PickChainName> chains) {
    StringBuilder text = new StringBuilder();
    for (ServiceElements.PickChainName chain : chains) {
      String name = "inet " + TABLE + " " + chain.name();
      text.append("add chain " + name + "\nflush chain " + name + "\n");
      chain.rules().forEach(rule -> text.append("add rule " + name + " " + rule + "\n"));
    }
    return text.toString();
  }

  /** Adds elements. */
  public static String added(Collection<MapElement> elements) {
    Map<String, List<String>> byMap = new LinkedHashMap<>();
    for (MapElement element : elements) {
      byMap.computeIfAbsent(element.map(), map -> new ArrayList<>()).add(element.text());
    }
    StringBuilder text = new StringBuilder();
    byMap.forEach(
        (map, all) -> {
          for (int from = 0; from < all.size(); from += AT_ONCE) {
            text.append("add element inet " + TABLE + " " + map + " { ")
                .append(String.join(", ", all.subList(from, Math.min(from + AT_ONCE, all.size()))))
                .append(" }\n");
          }
        });
    return text.toString();
  }
}
