package io.naru.doctor.audit.rules;

import java.util.List;
import java.util.Optional;

/**
 * A host's packet filter.
 *
 * @param file where it stands
 * @param dialect whose commands change it
 */
public record Ruleset(String file, Dialect dialect, List<Chain> chains) {
  public Ruleset {
    chains = List.copyOf(chains);
  }

  /** Which program's rules these are. */
  public enum Dialect {
    IPTABLES,
    IP6TABLES,
    NFT
  }

  /**
   * A chain.
   *
   * @param family as nft names it: {@code ip}, {@code ip6}, {@code inet}
   * @param hook where the kernel calls it: {@code input} and the like; absent for one that others
   *     jump to
   * @param priority order among chains of one hook
   * @param drops whether it drops what no rule decides
   */
  public record Chain(
      String family,
      String table,
      String name,
      Optional<String> hook,
      int priority,
      boolean drops,
      List<Rule> rules) {
    public Chain {
      rules = List.copyOf(rules);
    }
  }

  /**
   * A rule: where all its matches hold, its action is done.
   *
   * @param text as the file has it, shortened
   */
  public record Rule(List<Match> matches, Action action, String text) {
    public Rule {
      matches = List.copyOf(matches);
    }
  }

  /** What a rule does. */
  public sealed interface Action {
    record Accept() implements Action {}

    record Drop() implements Action {}

    /** Goes on in another chain, and comes back unless that decides. */
    record Jump(String chain, boolean comesBack) implements Action {}

    record Return() implements Action {}

    /** Counts, logs, marks: the packet goes on. */
    record GoOn() implements Action {}
  }

  Optional<Chain> chain(Chain near, String name) {
    return chains.stream()
        .filter(
            chain ->
                chain.name().equals(name)
                    && chain.table().equals(near.table())
                    && chain.family().equals(near.family()))
        .findFirst();
  }
}
