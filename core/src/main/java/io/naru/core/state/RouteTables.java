package io.naru.core.state;

import io.naru.core.path.Transport;

/**
 * Numbers by which Naru's routes and rules are told from others'. Each transport has a table and a
 * mark of its own, so that a transport which carries no pod packets can still be probed; the main
 * table holds the chosen one.
 */
public final class RouteTables {
  /** RT_TABLE_MAIN of linux/rtnetlink.h. */
  public static final int MAIN = 254;

  /** The routing protocol number (rtm_protocol, FRA_PROTOCOL) of all that is ours. */
  public static final int PROTOCOL = 72;

  /** Bits of a packet's mark that belong to Naru. */
  public static final int MARK_MASK = 0xff00_0000;

  /** The bit of it that forwarded packets have which other people's filters are to let pass. */
  public static final int MAY_PASS = 0x1000_0000;

  /** Priority of the rules that look at marks: before the main table's 32766. */
  public static final int RULE_PRIORITY = 472;

  private RouteTables() {}

  /** The table that holds a transport's routes to every peer. */
  public static int table(Transport transport) {
    return switch (transport) {
      case DIRECT -> 8471;
      case VXLAN -> 8472;
    };
  }

  /** The mark that sends a packet by a transport, whichever is chosen. */
  public static int mark(Transport transport) {
    return switch (transport) {
      case DIRECT -> 0x6e00_0000;
      case VXLAN -> 0x6f00_0000;
    };
  }
}
