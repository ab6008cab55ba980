package io.naru.lab.fault;

import java.util.List;

/**
 * An nftables table of a fault's own, with one chain of counting rules.
 *
 * @param target a node, or {@code fabric}
 * @param family {@code inet} or {@code bridge}
 * @param name of the table
 * @param hook where its chain sits, and its priority there: {@code input priority 0}
 * @param rules the chain's, each with {@code counter} in it
 */
record RuleTable(String target, String family, String name, String hook, List<String> rules) {
  RuleTable {
    rules = List.copyOf(rules);
  }

  Step add() {
    StringBuilder script = new StringBuilder(empty());
    script.append("add chain " + place() + " { type filter hook " + hook + "; policy accept; }\n");
    for (String rule : rules) {
      script.append("add rule " + place() + " " + rule + "\n");
    }
    return Step.nft(target, script.toString());
  }

  /** Whether it is there or not. */
  Step remove() {
    return Step.nft(target, empty() + "delete table " + family + " " + name + "\n");
  }

  HitCounter counter() {
    return new HitCounter(HitCounter.Kind.RULES, target, family + " " + name);
  }

  private String empty() {
    String table = "table " + family + " " + name + "\n";
    return "add " + table + "delete " + table + "add " + table;
  }

  private String place() {
    // Not "packets": behind a rule that rejects, nft 1.0.6 takes that for a word of a counter.
    return family + " " + name + " met";
  }
}
