package io.naru.doctor.audit.rules;

import io.naru.channel.frame.Json;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.rules.Ruleset.Action;
import io.naru.doctor.audit.rules.Ruleset.Chain;
import io.naru.doctor.audit.rules.Ruleset.Dialect;
import io.naru.doctor.audit.rules.Ruleset.Rule;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** Reads what {@code nft -j list ruleset} prints (libnftables-json(5)). */
public final class NftParser {
  private final String name;
  private final Map<String, List<Rule>> rules = new HashMap<>();
  private final NftMatches matches;

  private NftParser(String name, JsonNode list) {
    this.name = name;
    this.matches = new NftMatches(list);
  }

  /** Whether a text is what {@code nft list ruleset} prints without {@code -j}. */
  public static boolean isPlain(String text) {
    return text.lines()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !line.startsWith("#"))
        .findFirst()
        .filter(
            line ->
                line.matches("(table (ip|ip6|inet|arp|bridge|netdev) \\S+ \\{.*|flush ruleset)"))
        .isPresent();
  }

  /**
   * The ruleset.
   *
   * @param name of the file, for sentences
   * @throws NaruException MALFORMED where it is not such JSON
   */
  public static Ruleset parse(String json, String name) {
    JsonNode tree;
    try {
      tree = Json.mapper().readTree(json);
    } catch (JacksonException e) {
      throw malformed(name, "it is not JSON: " + e.getOriginalMessage());
    }
    JsonNode list = tree.path("nftables");
    if (!list.isArray()) {
      throw malformed(name, "it has no list nftables; make it with: nft -j list ruleset");
    }
    return new NftParser(name, list).ruleset(list);
  }

  private static NaruException malformed(String name, String what) {
    return new NaruException(ErrorCode.MALFORMED, name + " is no ruleset of nft: " + what);
  }

  private static String key(JsonNode at, String chain) {
    return at.path("family").asString("") + " " + at.path("table").asString("") + " " + chain;
  }

  private Ruleset ruleset(JsonNode list) {
    for (JsonNode each : list) {
      JsonNode rule = each.path("rule");
      if (rule.isObject()) {
        rules
            .computeIfAbsent(key(rule, rule.path("chain").asString("")), _ -> new ArrayList<>())
            .addAll(rules(rule));
      }
    }
    List<Chain> chains = new ArrayList<>();
    for (JsonNode each : list) {
      JsonNode chain = each.path("chain");
      if (chain.isObject()) {
        String own = chain.path("name").asString("");
        // Chains of nat see the first packet of a connection, and are not there to filter.
        boolean base = chain.hasNonNull("hook") && !chain.path("type").asString("").equals("nat");
        chains.add(
            new Chain(
                chain.path("family").asString(""),
                chain.path("table").asString(""),
                own,
                base ? Optional.of(chain.path("hook").asString("")) : Optional.empty(),
                chain.path("prio").asInt(0),
                chain.path("policy").asString("").equals("drop"),
                rules.getOrDefault(key(chain, own), List.of())));
      }
    }
    if (chains.isEmpty() && !rules.isEmpty()) {
      throw malformed(name, "it has rules and no chain");
    }
    return new Ruleset(name, Dialect.NFT, chains);
  }

  /** A rule; one with a verdict map is as many rules as that has elements. */
  private List<Rule> rules(JsonNode rule) {
    String comment = rule.path("comment").asString("");
    String text =
        RuleText.of(
            "rule "
                + rule.path("handle").asString("?")
                + " of "
                + key(rule, rule.path("chain").asString(""))
                + (comment.isEmpty() ? "" : " «" + comment + "»"));
    List<Match> conditions = new ArrayList<>();
    String table = key(rule, "");
    for (JsonNode expression : rule.path("expr")) {
      JsonNode match = expression.path("match");
      if (match.isObject()) {
        conditions.add(matches.of(match, table));
        continue;
      }
      JsonNode vmap = expression.path("vmap");
      if (vmap.isObject()) {
        return mapped(vmap, conditions, text, table);
      }
      Optional<Action> action = action(expression);
      if (action.isPresent()) {
        return List.of(new Rule(conditions, action.get(), text));
      }
      if (expression.has("limit") || expression.has("xt") || expression.has("quota")) {
        conditions.add(new Match.Unclear());
      }
    }
    return List.of(new Rule(conditions, new Action.GoOn(), text));
  }

  private List<Rule> mapped(JsonNode vmap, List<Match> conditions, String text, String table) {
    List<Rule> all = new ArrayList<>();
    for (JsonNode pair : vmap.path("data").path("set")) {
      Optional<Action> action = action(pair.path(1));
      if (action.isPresent()) {
        List<Match> own = new ArrayList<>(conditions);
        own.add(matches.equal(vmap.path("key"), pair.path(0), table));
        all.add(new Rule(own, action.get(), text));
      }
    }
    return all;
  }

  private static Optional<Action> action(JsonNode expression) {
    if (expression.has("accept")) {
      return Optional.of(new Action.Accept());
    }
    if (expression.has("drop") || expression.has("reject")) {
      return Optional.of(new Action.Drop());
    }
    if (expression.has("return")) {
      return Optional.of(new Action.Return());
    }
    if (expression.has("jump")) {
      return Optional.of(
          new Action.Jump(expression.path("jump").path("target").asString(""), true));
    }
    if (expression.has("goto")) {
      return Optional.of(
          new Action.Jump(expression.path("goto").path("target").asString(""), false));
    }
    return Optional.empty();
  }
}
