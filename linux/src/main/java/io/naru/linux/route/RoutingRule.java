package io.naru.linux.route;

import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.Optional;

/**
 * Which packets look into which routing table (ip-rule(8)).
 *
 * @param family the family of packets
 * @param priority rules are asked from the smallest on
 * @param mark value the packet's mark must have under the mask
 * @param mask bits of the mark that count; 0 when the mark does not matter
 * @param table the table to look into
 * @param protocol who put it there (FRA_PROTOCOL)
 * @param from source prefix
 * @param to destination prefix
 * @param inputInterface name of the link the packet came in by; empty for any
 * @param outputInterface name of the link its socket is bound to; empty for any
 * @param action FR_ACT_* of linux/fib_rules.h; {@link #LOOK_UP} is 1
 * @param inverted whether it is for all packets but these
 */
public record RoutingRule(
    IpFamily family,
    int priority,
    int mark,
    int mask,
    int table,
    int protocol,
    Optional<Prefix> from,
    Optional<Prefix> to,
    String inputInterface,
    String outputInterface,
    int action,
    boolean inverted) {
  /** FR_ACT_TO_TBL. */
  public static final int LOOK_UP = 1;

  /** Packets with a mark look into a table. */
  public static RoutingRule forMark(
      IpFamily family, int priority, int mark, int mask, int table, int protocol) {
    return new RoutingRule(
        family,
        priority,
        mark,
        mask,
        table,
        protocol,
        Optional.empty(),
        Optional.empty(),
        "",
        "",
        LOOK_UP,
        false);
  }

  /** Packets to a prefix look into a table. */
  public static RoutingRule forDestination(Prefix to, int priority, int table, int protocol) {
    return new RoutingRule(
        to.family(),
        priority,
        0,
        0,
        table,
        protocol,
        Optional.empty(),
        Optional.of(to),
        "",
        "",
        LOOK_UP,
        false);
  }

  /** Packets from a prefix look into a table. */
  public static RoutingRule forSource(Prefix from, int priority, int table, int protocol) {
    return new RoutingRule(
        from.family(),
        priority,
        0,
        0,
        table,
        protocol,
        Optional.of(from),
        Optional.empty(),
        "",
        "",
        LOOK_UP,
        false);
  }
}
