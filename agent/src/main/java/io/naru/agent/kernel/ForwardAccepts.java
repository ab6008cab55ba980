package io.naru.agent.kernel;

import io.naru.core.desired.FilterScript;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.state.KernelEntry.ForwardAccept;
import io.naru.linux.nftables.Nftables;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Naru's rules in other people's forward chains. */
final class ForwardAccepts {
  private static final String FORWARD_HOOK = "forward";

  private ForwardAccepts() {}

  /** Whether a chain, as nft lists it, sees forwarded packets. */
  static boolean isForward(JsonNode chain) {
    return FORWARD_HOOK.equals(chain.path("hook").asString(""));
  }

  /** Whether a chain drops forwarded packets which no rule of its accepts. */
  static boolean drops(JsonNode chain) {
    return isForward(chain)
        && "filter".equals(chain.path("type").asString(""))
        && ("drop".equals(chain.path("policy").asString("")) || isFirewalld(chain));
  }

  /** firewalld's chain has the policy accept, and ends with a rule that rejects. */
  private static boolean isFirewalld(JsonNode chain) {
    return chain.path("table").asString("").equals("firewalld");
  }

  static ForeignChain named(JsonNode chain) {
    return new ForeignChain(
        chain.path("family").asString(""),
        chain.path("table").asString(""),
        chain.path("name").asString(""));
  }

  static void put(ForwardAccept accept) {
    remove(accept);
    StringBuilder script = new StringBuilder();
    // Each goes to the front, so the last one is put first.
    for (String match : List.of(accept.fingerprint().split(", ")).reversed()) {
      script
          .append("insert rule " + place(accept) + " " + match)
          .append(" counter accept comment \"" + FilterScript.ACCEPT_COMMENT + "\"\n");
    }
    Nftables.apply(script.toString());
  }

  static void remove(ForwardAccept accept) {
    StringBuilder script = new StringBuilder();
    ForeignChain chain = new ForeignChain(accept.family(), accept.table(), accept.chain());
    for (JsonNode rule : ourRules(chain)) {
      script
          .append("delete rule " + place(accept) + " handle " + rule.path("handle").asLong())
          .append('\n');
    }
    if (!script.isEmpty()) {
      Nftables.apply(script.toString());
    }
  }

  private static String place(ForwardAccept accept) {
    return accept.family() + " " + accept.table() + " " + accept.chain();
  }

  /** Our rules in that chain, if there are any. */
  static Optional<ForwardAccept> read(ForeignChain chain) {
    List<JsonNode> rules = ourRules(chain);
    return rules.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new ForwardAccept(
                chain.family(),
                chain.table(),
                chain.chain(),
                rules.stream().map(ForwardAccepts::match).collect(Collectors.joining(", "))));
  }

  /**
   * The matches of a rule of ours as we wrote them: {@code iifname "naru*" ip saddr 10.0.0.0/8}.
   */
  private static String match(JsonNode rule) {
    List<String> words = new ArrayList<>();
    for (JsonNode expression : rule.path("expr")) {
      JsonNode left = expression.path("match").path("left");
      JsonNode right = expression.path("match").path("right");
      if (left.has("payload")) {
        JsonNode payload = left.path("payload");
        words.add(payload.path("protocol").asString("") + " " + payload.path("field").asString(""));
        words.add(address(right));
      } else if (left.has("meta")) {
        words.add(left.path("meta").path("key").asString("") + " \"" + right.asString("") + "\"");
      } else if (left.has("ct")) {
        words.add("ct " + left.path("ct").path("key").asString("") + " " + joined(right));
      }
    }
    return String.join(" ", words);
  }

  private static String address(JsonNode right) {
    JsonNode prefix = right.path("prefix");
    return prefix.isMissingNode()
        ? right.asString("")
        : prefix.path("addr").asString("") + "/" + prefix.path("len").asInt(0);
  }

  private static String joined(JsonNode values) {
    if (values.isString()) {
      return values.asString("");
    }
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asString("")));
    return texts.stream().sorted().collect(Collectors.joining(","));
  }

  private static List<JsonNode> ourRules(ForeignChain chain) {
    List<JsonNode> rules = new ArrayList<>();
    JsonNode listing = NftListing.of("chain", chain.family(), chain.table(), chain.chain());
    for (JsonNode item : listing.path("nftables")) {
      JsonNode rule = item.path("rule");
      if (FilterScript.ACCEPT_COMMENT.equals(rule.path("comment").asString(""))) {
        rules.add(rule);
      }
    }
    return rules;
  }
}
