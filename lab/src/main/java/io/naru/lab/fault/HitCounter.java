package io.naru.lab.fault;

/**
 * Where a kernel counts the packets that met a fault.
 *
 * @param kind what counts
 * @param target a node, or {@code fabric}
 * @param name of what counts
 */
public record HitCounter(Kind kind, String target, String name) {
  /** What counts. */
  public enum Kind {
    /** All counters of an nftables table; the name is its family and its own. */
    RULES,
    /**
     * What a queueing discipline made wait, and what it dropped; the name is its device, its
     * handle.
     */
    QUEUE
  }

  /** The first word of the name. */
  public String first() {
    return name.substring(0, name.indexOf(' '));
  }

  /** What follows the first word of the name. */
  public String second() {
    return name.substring(name.indexOf(' ') + 1);
  }
}
