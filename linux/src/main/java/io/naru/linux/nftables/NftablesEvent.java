package io.naru.linux.nftables;

/** A notice of the kernel about its packet filter. */
public sealed interface NftablesEvent {
  /**
   * A table, or its chains, rules or sets, came, went or changed; of any address family.
   *
   * @param generation of the ruleset that the change made, its lower 16 bits
   */
  record OfTable(String table, int generation) implements NftablesEvent {}

  /**
   * Elements of a set in that table came or went.
   *
   * @param generation of the ruleset that the change made, its lower 16 bits
   */
  record OfElements(String table, int generation) implements NftablesEvent {}

  /** Notices were lost because they came faster than they were read: look at everything. */
  record Overflow() implements NftablesEvent {}
}
