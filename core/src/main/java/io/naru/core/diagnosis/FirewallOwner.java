package io.naru.core.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Whose rule it is that drops a packet. A rule that a program wrote comes back when it is removed
 * by hand: the program has to be told. They are known by the names of their tables and chains.
 */
public enum FirewallOwner {
  FIREWALLD("firewalld"),
  UFW("ufw"),
  DOCKER("Docker"),
  CILIUM("Cilium"),
  CALICO("Calico"),
  KUBE_ROUTER("kube-router"),
  KUBE_PROXY("kube-proxy"),
  /** Somebody's own, by iptables; of either kind. */
  IPTABLES("iptables"),
  /** Somebody's own, by nft. */
  NFTABLES("nftables");

  /** First word of a chain that nftables does not show. */
  private static final Set<String> LEGACY = Set.of("iptables-legacy", "ip6tables-legacy");

  private static final Set<String> TABLES = Set.of("filter", "nat", "mangle", "raw", "security");

  private final String word;

  FirewallOwner(String word) {
    this.word = word;
  }

  /** Whose rule dropped something; a chain's policy is of those through whose chains it went. */
  public static FirewallOwner of(RuleDrop drop) {
    Optional<FirewallOwner> own = ofChain(drop.chain());
    if (own.isPresent()) {
      return own.get();
    }
    if (drop.rule().equals(RuleDrop.POLICY)) {
      String table = table(drop.chain());
      List<FirewallOwner> before =
          drop.passed().stream()
              .filter(chain -> table(chain).equals(table))
              .flatMap(chain -> ofChain(chain).stream())
              .toList();
      // Docker has the policy of FORWARD; ufw that of all three.
      for (FirewallOwner owner :
          drop.hook().equals("through") ? List.of(DOCKER, UFW) : List.of(UFW)) {
        if (before.contains(owner)) {
          return owner;
        }
      }
    }
    return isIptables(drop.chain()) ? IPTABLES : NFTABLES;
  }

  private static Optional<FirewallOwner> ofChain(String where) {
    String[] words = where.split(" ", 3);
    if (words.length < 3) {
      return Optional.empty();
    }
    String table = words[1];
    String chain = words[2];
    if (table.equals("firewalld")) {
      return Optional.of(FIREWALLD);
    }
    if (table.equals("kube-proxy")) {
      return Optional.of(KUBE_PROXY);
    }
    if (table.equals("calico") || chain.startsWith("cali-")) {
      return Optional.of(CALICO);
    }
    if (table.startsWith("docker-")) {
      return Optional.of(DOCKER);
    }
    if (!TABLES.contains(table)) {
      return Optional.empty();
    }
    if (chain.startsWith("ufw")) {
      return Optional.of(UFW);
    }
    if (chain.startsWith("DOCKER")) {
      return Optional.of(DOCKER);
    }
    if (chain.startsWith("CILIUM_") || chain.startsWith("OLD_CILIUM_")) {
      return Optional.of(CILIUM);
    }
    if (chain.startsWith("KUBE-ROUTER-")
        || chain.startsWith("KUBE-NWPLCY-")
        || chain.startsWith("KUBE-POD-FW-")) {
      return Optional.of(KUBE_ROUTER);
    }
    if (chain.startsWith("KUBE-")) {
      return Optional.of(KUBE_PROXY);
    }
    // firewalld over iptables has a chain or three for each zone.
    return chain.startsWith("IN_") || chain.startsWith("FWDI_") || chain.endsWith("_ZONES")
        ? Optional.of(FIREWALLD)
        : Optional.empty();
  }

  /** Its tables have five names, and the chains that it begins with are in capitals. */
  private static boolean isIptables(String where) {
    String[] words = where.split(" ", 3);
    return isLegacy(where)
        || words.length == 3
            && (words[0].equals("ip") || words[0].equals("ip6"))
            && TABLES.contains(words[1])
            && !List.of("input", "output", "forward", "prerouting", "postrouting")
                .contains(words[2])
            && !words[2].equals(words[2].toLowerCase(Locale.ROOT));
  }

  /** Whether that is a chain of iptables' own old kind, which nftables does not show. */
  static boolean isLegacy(String where) {
    String[] words = where.split(" ", -1);
    return words.length == 3 && LEGACY.contains(words[0]) && TABLES.contains(words[1]);
  }

  private static String table(String where) {
    int end = where.lastIndexOf(' ');
    return end < 0 ? where : where.substring(0, end);
  }

  @Override
  public String toString() {
    return word;
  }
}
