package io.naru.agent.kernel;

import io.naru.core.desired.AcceptRules;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.state.ForeignHook;
import io.naru.core.state.KernelEntry.ForeignAccept;
import io.naru.linux.nftables.Nftables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Naru's rules in other people's chains that drop. */
final class ForeignAccepts {
  /** The kinds of expressions that rules of ours consist of. */
  private static final Set<String> OF_OURS = Set.of("match", "counter", "accept");

  private ForeignAccepts() {}

  /** A chain, as nft lists it, that sees packets which matter to Naru. */
  static Optional<ForeignChain> of(JsonNode chain) {
    return ForeignHook.named(chain.path("hook").asString(""))
        .map(
            hook ->
                new ForeignChain(
                    chain.path("family").asString(""),
                    chain.path("table").asString(""),
                    chain.path("name").asString(""),
                    hook));
  }

  /** Whether a chain drops packets which no rule of its accepts. */
  static boolean drops(JsonNode chain) {
    return "filter".equals(chain.path("type").asString(""))
        && ("drop".equals(chain.path("policy").asString("")) || isFirewalld(chain));
  }

  /** firewalld's chains have the policy accept, and end with a rule that rejects. */
  private static boolean isFirewalld(JsonNode chain) {
    return chain.path("table").asString("").equals("firewalld");
  }

  static void put(ForeignAccept accept) {
    // In one moment: else packets of living connections would fall between the two.
    StringBuilder script = new StringBuilder(removal(accept));
    // Each goes to the front, so the last one is put first.
    for (String match : List.of(accept.fingerprint().split(", ")).reversed()) {
      script
          .append("insert rule " + place(accept) + " " + match)
          .append(" counter accept comment \"" + AcceptRules.COMMENT + "\"\n");
    }
    Nftables.apply(script.toString());
  }

  static void remove(ForeignAccept accept) {
    String script = removal(accept);
    if (!script.isEmpty()) {
      Nftables.apply(script);
    }
  }

  private static String removal(ForeignAccept accept) {
    StringBuilder script = new StringBuilder();
    ForeignChain chain =
        new ForeignChain(accept.family(), accept.table(), accept.chain(), accept.hook());
    for (JsonNode rule : ourRules(chain)) {
      script
          .append("delete rule " + place(accept) + " handle " + rule.path("handle").asLong())
          .append('\n');
    }
    return script.toString();
  }

  private static String place(ForeignAccept accept) {
    return accept.family() + " " + accept.table() + " " + accept.chain();
  }

  /** Our rules in that chain, if there are any. */
  static Optional<ForeignAccept> read(ForeignChain chain) {
    List<JsonNode> rules = ourRules(chain);
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ForeignAccept(
                chain.family(),
                chain.table(),
                chain.chain(),
                chain.hook(),
                rules.stream().map(ForeignAccepts::match).collect(Collectors.joining(", "))));
  }

  /**
   * The matches of a rule of ours as we wrote them: {@code iifname "naru*" ip saddr 10.0.0.0/8};
   * what we never write is not told apart, but makes the text another one.
   */
  private static String match(JsonNode rule) {
    List<String> words = new ArrayList<>();
    boolean accepts = false;
    for (JsonNode expression : rule.path("expr")) {
      accepts |= expression.has("accept");
      expression.propertyNames().stream()
          .filter(name -> !OF_OURS.contains(name))
          .forEach(words::add);
      JsonNode match = expression.path("match");
      if (!match.isMissingNode()) {
        words.add(left(match.path("left")));
        if (!match.path("op").asString("").equals("==")) {
          words.add(match.path("op").asString(""));
        }
        words.add(right(match.path("left"), match.path("right")));
      }
    }
    return String.join(" ", words) + (accepts ? "" : " and does not accept");
  }

  private static String left(JsonNode left) {
    JsonNode payload = left.path("payload");
    JsonNode masked = left.path("&");
    if (!masked.isMissingNode()) {
      return left(masked.path(0)) + " & " + hex(masked.path(1)) + " ==";
    }
    return payload.isMissingNode()
        ? (isInterface(left) ? "" : "meta ") + left.path("meta").path("key").asString("")
        : payload.path("protocol").asString("") + " " + payload.path("field").asString("");
  }

  private static String hex(JsonNode bits) {
    return "0x%08x".formatted(bits.asLong(0));
  }

  private static boolean isInterface(JsonNode left) {
    return left.path("meta").path("key").asString("").endsWith("ifname");
  }

  private static String right(JsonNode left, JsonNode right) {
    JsonNode prefix = right.path("prefix");
    if (!prefix.isMissingNode()) {
      return prefix.path("addr").asString("") + "/" + prefix.path("len").asInt(0);
    }
    if (left.has("&")) {
      return hex(right);
    }
    return isInterface(left) ? '"' + right.asString("") + '"' : right.asString("");
  }

  private static List<JsonNode> ourRules(ForeignChain chain) {
    List<JsonNode> rules = new ArrayList<>();
    JsonNode listing = NftListing.of("chain", chain.family(), chain.table(), chain.chain());
    for (JsonNode item : listing.path("nftables")) {
      JsonNode rule = item.path("rule");
      if (AcceptRules.COMMENT.equals(rule.path("comment").asString("")) || isRestored(rule)) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private static boolean isRestored(JsonNode rule) {
    for (JsonNode expression : rule.path("expr")) {
      if (expression.path("xt").path("name").asString("").equals("comment")) {
        return AcceptRules.soundLike(match(rule));
      }
    }
    return false;
  }
}
