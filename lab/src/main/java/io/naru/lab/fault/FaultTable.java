package io.naru.lab.fault;

import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** The fabric's table of standing faults, as scripts for {@code nft -f}. */
public final class FaultTable {
  /** Its name, in the family {@code bridge}. */
  public static final String NAME = "faults";

  private static final String TABLE = "bridge " + NAME;
  private static final String CHAIN = TABLE + " prerouting";

  private FaultTable() {}

  /**
   * Puts the rules of the active faults in place of all others, in one transaction. The counters of
   * faults that stay keep their values.
   *
   * @param active all faults that stand from now on
   * @param healed faults whose counters go
   */
  public static String script(
      Topology topology, List<ActiveFault> active, List<ActiveFault> healed) {
    List<String> lines = new ArrayList<>();
    lines.add("add table " + TABLE);
    // Before everything else that looks at a packet in the fabric.
    lines.add("add chain " + CHAIN + " { type filter hook prerouting priority -400; }");
    lines.add("flush chain " + CHAIN);
    for (ActiveFault fault : healed) {
      lines.add("add counter " + TABLE + " " + fault.counter());
      lines.add("delete counter " + TABLE + " " + fault.counter());
    }
    // An underlay answers address resolution itself, whatever becomes of the packets.
    lines.add("add rule " + CHAIN + " ether type arp accept");
    lines.add(
        "add rule "
            + CHAIN
            + " icmpv6 type { nd-router-solicit, nd-router-advert, nd-neighbor-solicit,"
            + " nd-neighbor-advert, nd-redirect, mld-listener-query, mld-listener-report,"
            + " mld2-listener-report } accept");
    for (ActiveFault fault : active) {
      lines.add("add counter " + TABLE + " " + fault.counter());
      for (String match : fault.fault().matches(fault.direction(), topology)) {
        lines.add(
            "add rule %s %s counter name \"%s\" %s"
                .formatted(CHAIN, match, fault.counter(), fault.fault().statement(match)));
      }
    }
    return String.join("\n", lines) + "\n";
  }
}
