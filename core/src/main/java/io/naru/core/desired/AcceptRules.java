package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.desired.HostFacts.ForeignChain;
import java.util.List;
import java.util.stream.Stream;

/**
 * Rules that let Naru's packets pass other people's chains that drop what they do not know. Each is
 * the matches alone, for {@code insert rule FAMILY TABLE CHAIN …}, as nft writes them, and such as
 * iptables can read.
 */
public final class AcceptRules {
  /** The comment that marks a rule of ours in somebody else's chain. */
  public static final String COMMENT = "naru: pods may pass";

  private AcceptRules() {}

  /** The rules for that chain; none where no packet of this cluster can meet it. */
  public static List<String> of(NodeView view, ForeignChain chain) {
    return switch (chain.hook()) {
      case FORWARD ->
          view.configuration().clusterCidrs().stream().anyMatch(block -> concerns(chain, block))
              ? List.of(AcceptMark.match())
              : List.of();
      case INPUT ->
          view.self().podCidrs().stream()
              .filter(block -> concerns(chain, block))
              .flatMap(block -> asked(view, block))
              .toList();
    };
  }

  /**
   * Whether a rule with a comment that cannot be read accepts what rules of ours accept: iptables
   * writes comments in a way of its own when it restores what it saved.
   */
  public static boolean soundLike(String matches) {
    return matches.contains(AcceptMark.match())
        || (matches.contains("iifname \"naru*\"") && matches.contains(" dport 53"));
  }

  private static boolean concerns(ForeignChain chain, Prefix block) {
    return chain.family().equals("inet")
        || chain.family().equals(FilterScript.protocol(block.family()));
  }

  /**
   * Pods of this node may ask it for names. A rule for each protocol: one for both would need a
   * set, and beside a set iptables 1.8.9 neither lists the chain nor deletes from it.
   */
  private static Stream<String> asked(NodeView view, Prefix pods) {
    return view.dnsAddresses().stream()
        .filter(address -> address.family() == pods.family())
        .flatMap(address -> asked(pods, address));
  }

  private static Stream<String> asked(Prefix pods, IpAddress names) {
    String ip = FilterScript.protocol(pods.family());
    String match = "iifname \"naru*\" " + ip + " saddr " + pods + " " + ip + " daddr " + names;
    return Stream.of(match + " udp dport 53", match + " tcp dport 53");
  }
}
