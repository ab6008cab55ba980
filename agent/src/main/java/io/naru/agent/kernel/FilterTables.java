package io.naru.agent.kernel;

import io.naru.channel.frame.Json;
import io.naru.core.address.Prefix;
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
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/** Naru's nftables table, and its rules in other people's chains. */
public final class FilterTables {
  private static final String FORWARD_HOOK = "forward";

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
      entries.add(new FilterTable(FilterScript.TABLE, fingerprint, ""));
    }
    return entries;
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
  }

  public void remove(FilterTable table) {
    Nftables.deleteTable("inet", table.name());
  }

  public void put(ForwardAccept accept) {
    remove(accept);
    List<Prefix> clusterCidrs =
        Stream.of(accept.fingerprint().split(" ")).map(Prefix::parse).toList();
    StringBuilder script = new StringBuilder();
    for (String match : FilterScript.acceptRules(clusterCidrs, accept.family())) {
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
      // Source prefixes, in the order of the rules: what the rules were made from.
      String fingerprint =
          rules.stream().flatMap(rule -> sourcePrefix(rule).stream()).toList().reversed().stream()
              .reduce((a, b) -> a + " " + b)
              .orElse("");
      entries.add(new ForwardAccept(chain.family(), chain.table(), chain.chain(), fingerprint));
    }
  }

  private static List<String> sourcePrefix(JsonNode rule) {
    List<String> found = new ArrayList<>();
    for (JsonNode expression : rule.path("expr")) {
      JsonNode match = expression.path("match");
      if (match.path("left").path("payload").path("field").asString("").equals("saddr")) {
        JsonNode prefix = match.path("right").path("prefix");
        found.add(prefix.path("addr").asString("") + "/" + prefix.path("len").asInt(0));
      }
    }
    return found;
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
