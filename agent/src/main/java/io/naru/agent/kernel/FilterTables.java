package io.naru.agent.kernel;

import io.naru.channel.frame.Json;
import io.naru.core.desired.FilterScript;
import io.naru.core.desired.HostFacts.ForeignChain;
import io.naru.core.state.KernelEntry;
import io.naru.core.state.KernelEntry.FilterTable;
import io.naru.core.state.KernelEntry.ForwardAccept;
import io.naru.linux.nftables.Nftables;
import io.naru.linux.nftables.NftablesException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Naru's nftables table, and its rules in other people's chains. */
public final class FilterTables {
  private static final String FORWARD_HOOK = "forward";

  /** Stands for what nobody could have asked for, so that the table is made anew. */
  private static final String ALTERED = "altered";

  /** How the table looked when it was last made or first seen. */
  private volatile Optional<String> asMade = Optional.empty();

  /** Our table, told by its fingerprint, and our accepts in foreign chains. */
  public List<KernelEntry> read() {
    List<KernelEntry> entries = new ArrayList<>();
    boolean ours = false;
    String fingerprint = "";
    for (JsonNode chain : chains()) {
      if (isOurs(chain)) {
        ours = true;
        String name = chain.path("name").asString();
        if (name.startsWith(FilterScript.FINGERPRINT_PREFIX)) {
          fingerprint = name.substring(FilterScript.FINGERPRINT_PREFIX.length());
        }
      } else if (FORWARD_HOOK.equals(chain.path("hook").asString(""))) {
        accept(foreign(chain), entries);
      }
    }
    if (ours) {
      boolean intact = isAsMade();
      entries.add(new FilterTable(FilterScript.TABLE, intact ? fingerprint : ALTERED, ""));
    }
    return entries;
  }

  /** Whether chains, rules and sets are as they were; the elements of sets are not looked at. */
  private boolean isAsMade() {
    String now = Nftables.listWithoutElements("inet", FilterScript.TABLE);
    if (asMade.isEmpty()) {
      asMade = Optional.of(now);
    }
    return asMade.get().equals(now);
  }

  /** Chains, not ours, that drop forwarded packets which no rule of theirs accepts. */
  public List<ForeignChain> droppingForwardChains() {
    return chains().stream()
        .filter(chain -> !isOurs(chain))
        .filter(chain -> FORWARD_HOOK.equals(chain.path("hook").asString("")))
        .filter(chain -> "filter".equals(chain.path("type").asString("")))
        .filter(chain -> "drop".equals(chain.path("policy").asString("")) || isFirewalld(chain))
        .map(FilterTables::foreign)
        .toList();
  }

  /** firewalld's chain has the policy accept, and ends with a rule that rejects. */
  private static boolean isFirewalld(JsonNode chain) {
    return chain.path("table").asString("").equals("firewalld");
  }

  /** Packets counted by each element of a set of ours, by the element's text. */
  public Map<String, Long> counted(String set) {
    Map<String, Long> packets = new HashMap<>();
    JsonNode listing;
    try {
      listing = listing("set", "inet", FilterScript.TABLE, set);
    } catch (NftablesException absent) {
      return Map.of();
    }
    for (JsonNode item : listing.path("nftables")) {
      for (JsonNode element : item.path("set").path("elem")) {
        JsonNode body = element.path("elem");
        JsonNode prefix = body.path("val").path("prefix");
        String text =
            prefix.isMissingNode()
                ? body.path("val").asString("")
                : prefix.path("addr").asString("") + "/" + prefix.path("len").asInt();
        packets.put(text, body.path("counter").path("packets").asLong());
      }
    }
    return packets;
  }

  public void put(FilterTable table) {
    Nftables.apply(table.script());
    asMade = Optional.of(Nftables.listWithoutElements("inet", table.name()));
  }

  public void remove(FilterTable table) {
    Nftables.deleteTable("inet", table.name());
  }

  public void put(ForwardAccept accept) {
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

  public void remove(ForwardAccept accept) {
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

  private static void accept(ForeignChain chain, List<KernelEntry> entries) {
    List<JsonNode> rules = ourRules(chain);
    if (!rules.isEmpty()) {
      String fingerprint =
          rules.stream().map(FilterTables::match).collect(Collectors.joining(", "));
      entries.add(new ForwardAccept(chain.family(), chain.table(), chain.chain(), fingerprint));
    }
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
    List<String> texts = new ArrayList<>();
    values.forEach(value -> texts.add(value.asString("")));
    return texts.stream().sorted().collect(Collectors.joining(","));
  }

  private static List<JsonNode> ourRules(ForeignChain chain) {
    List<JsonNode> rules = new ArrayList<>();
    JsonNode listing = listing("chain", chain.family(), chain.table(), chain.chain());
    for (JsonNode item : listing.path("nftables")) {
      JsonNode rule = item.path("rule");
      if (FilterScript.ACCEPT_COMMENT.equals(rule.path("comment").asString(""))) {
        rules.add(rule);
      }
    }
    return rules;
  }

  private static JsonNode listing(String... arguments) {
    return Json.read(Nftables.listJson(arguments), JsonNode.class);
  }

  private static List<JsonNode> chains() {
    List<JsonNode> chains = new ArrayList<>();
    for (JsonNode item : listing("chains").path("nftables")) {
      if (item.has("chain")) {
        chains.add(item.path("chain"));
      }
    }
    return chains;
  }

  private static boolean isOurs(JsonNode chain) {
    return chain.path("table").asString("").equals(FilterScript.TABLE)
        && chain.path("family").asString("").equals("inet");
  }

  private static ForeignChain foreign(JsonNode chain) {
    return new ForeignChain(
        chain.path("family").asString(""),
        chain.path("table").asString(""),
        chain.path("name").asString(""));
  }
}
