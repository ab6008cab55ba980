package io.naru.core.diagnosis;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What to type where a node's own firewall drops packets: in the words of the program that wrote
 * the rule, as that would write it again.
 *
 * @param node whose firewall it is
 * @param drop the rule
 */
public record FirewallRemedy(String node, RuleDrop drop) {
  /** A zone's chains, of firewalld over nftables and over iptables. */
  private static final Pattern ZONE =
      Pattern.compile(
          "\\b(?:filter_)?(?:IN|FWDI|FWD)_([0-9A-Za-z_.-]+?)(?:_(?:deny|allow|log|pre|post))?");

  private static final String UNKNOWN = "<network of the pods>";

  private static final String RELOAD = " && firewall-cmd --reload";

  /**
   * Lets the tunnel's packets pass.
   *
   * @param underlay the interface to other nodes
   * @param port UDP port of the tunnel
   * @param peer address of the other end
   */
  public Remedy tunnel(String underlay, int port, String peer) {
    boolean out = drop.hook().equals("out");
    FirewallOwner owner = FirewallOwner.of(drop);
    return switch (owner) {
      case FIREWALLD ->
          told(
              owner,
              "let UDP " + port + (out ? " out" : " in"),
              out
                  ? "firewall-cmd --permanent --direct --add-rule "
                      + (isIpv6(peer) ? "ipv6" : "ipv4")
                      + " filter OUTPUT 0 -p udp -d "
                      + peer
                      + " --dport "
                      + port
                      + " -j ACCEPT"
                      + RELOAD
                  : "firewall-cmd --permanent --zone="
                      + zone(underlay)
                      + " --add-port="
                      + port
                      + "/udp"
                      + RELOAD);
      case UFW ->
          told(
              owner,
              "let UDP " + port + (out ? " out" : " in"),
              out
                  ? "ufw allow out proto udp to " + peer + " port " + port
                  : "ufw allow proto udp from " + peer + " to any port " + port);
      case IPTABLES ->
          iptables(
              "-p udp " + (out ? "-d " : "-s ") + peer + " --dport " + port,
              "let UDP " + port + (out ? " out" : " in") + " before that");
      case NFTABLES ->
          nftables("udp dport " + port + " accept", "let UDP " + port + " pass before that");
      case DOCKER, CILIUM, CALICO, KUBE_ROUTER, KUBE_PROXY -> policy(owner);
    };
  }

  /**
   * Lets pods' packets pass.
   *
   * @param known the pods' blocks, of the families that there are
   */
  public Remedy pods(List<String> known) {
    // Where no block is known, a person has to say what the pods' network is.
    List<String> networks = known.isEmpty() ? List.of(UNKNOWN) : known;
    FirewallOwner owner = FirewallOwner.of(drop);
    return switch (owner) {
      case FIREWALLD ->
          told(
              owner,
              "trust the pods' addresses",
              networks.stream()
                      .map(
                          network ->
                              "firewall-cmd --permanent --zone=trusted --add-source=" + network)
                      .collect(Collectors.joining(" && "))
                  + RELOAD);
      case UFW ->
          told(
              owner,
              "route the pods' packets",
              both(networks, "ufw route allow from %s", "ufw route allow to %s"));
      case DOCKER ->
          told(
              owner,
              "accept the pods' packets in the chain that it leaves to you",
              both(
                  family(networks),
                  tool() + " -I DOCKER-USER -s %s -j ACCEPT",
                  tool() + " -I DOCKER-USER -d %s -j ACCEPT"));
      case IPTABLES ->
          deleted()
              .map(command -> removed("remove the rule if nobody needs it", command))
              .orElseGet(
                  () ->
                      removed(
                          "accept the pods' packets before that",
                          both(
                              family(networks),
                              tool() + inserted() + " -s %s -j ACCEPT",
                              tool() + inserted() + " -d %s -j ACCEPT")));
      case NFTABLES -> nftables("iifname naru* accept", "accept the pods' packets before that");
      case CILIUM, CALICO, KUBE_ROUTER, KUBE_PROXY -> policy(owner);
    };
  }

  private Remedy iptables(String match, String text) {
    return deleted()
        .map(command -> removed("remove the rule if nobody needs it", command))
        .orElseGet(() -> removed(text, tool() + inserted() + " " + match + " -j ACCEPT"));
  }

  private Remedy nftables(String accept, String text) {
    return drop.handle()
        .map(
            handle ->
                removed(
                    "remove the rule if nobody needs it",
                    "nft delete rule " + drop.chain() + " handle " + handle))
        .orElseGet(() -> removed(text, "nft insert rule " + drop.chain() + " " + accept));
  }

  private Remedy removed(String text, String command) {
    return Remedy.judged("on " + node + ", " + text, command);
  }

  private Remedy told(FirewallOwner owner, String what, String command) {
    return Remedy.judged("on " + node + ", tell " + owner + " to " + what, command);
  }

  private Remedy policy(FirewallOwner owner) {
    return Remedy.judged(
        owner + " wrote that rule on " + node + " and would write it again: change what it follows",
        switch (owner) {
          case CILIUM -> "kubectl get ciliumnetworkpolicies,ciliumclusterwidenetworkpolicies -A";
          case CALICO ->
              "kubectl get networkpolicies,globalnetworkpolicies.crd.projectcalico.org -A";
          case KUBE_PROXY -> "kubectl get endpointslices -A";
          case DOCKER -> "docker network ls";
          case KUBE_ROUTER, FIREWALLD, UFW, IPTABLES, NFTABLES -> "kubectl get networkpolicies -A";
        });
  }

  /**
   * Of legacy iptables the text is the command, if it is safe to type; of the new kind it can often
   * be said so.
   */
  private Optional<String> deleted() {
    if (drop.rule().equals(RuleDrop.POLICY)) {
      return Optional.empty();
    }
    String[] words = drop.chain().split(" ", 3);
    String table = words[1].equals("filter") ? "" : " -t " + words[1];
    Optional<String> rule =
        FirewallOwner.isLegacy(drop.chain())
            ? IptablesForm.legacy(drop.rule())
            : IptablesForm.of(drop.rule());
    return rule.map(text -> tool() + table + " -D " + words[2] + " " + text)
        .or(() -> drop.handle().map(h -> "nft delete rule " + drop.chain() + " handle " + h));
  }

  /** At the head of the chain that a packet enters first: its own may belong to a program. */
  private String inserted() {
    String[] words = drop.chain().split(" ", 3);
    return (words[1].equals("filter") ? "" : " -t " + words[1]) + " -I " + words[2];
  }

  private String tool() {
    String family = drop.chain().split(" ", 2)[0];
    return switch (family) {
      case "ip", "inet" -> "iptables";
      case "ip6" -> "ip6tables";
      default -> family;
    };
  }

  private List<String> family(List<String> networks) {
    boolean wantsIpv6 = tool().startsWith("ip6");
    List<String> own = networks.stream().filter(network -> isIpv6(network) == wantsIpv6).toList();
    return own.isEmpty() ? List.of(UNKNOWN) : own;
  }

  private static boolean isIpv6(String address) {
    return address.contains(":");
  }

  private static String both(List<String> networks, String from, String to) {
    return networks.stream()
        .flatMap(network -> List.of(from, to).stream().map(form -> form.formatted(network)))
        .collect(Collectors.joining(" && "));
  }

  /** Told by the chain, or one before it; else firewalld knows. */
  private String zone(String underlay) {
    List<String> chains = new ArrayList<>(List.of(drop.chain()));
    chains.addAll(drop.passed().reversed());
    return chains.stream()
        .map(chain -> ZONE.matcher(chain.substring(chain.lastIndexOf(' ') + 1)))
        .filter(Matcher::matches)
        .map(zone -> zone.group(1))
        .filter(zone -> !zone.contains("POLICIES") && !zone.contains("ZONES"))
        .findFirst()
        .orElse("\"$(firewall-cmd --get-zone-of-interface=" + underlay + ")\"");
  }
}
