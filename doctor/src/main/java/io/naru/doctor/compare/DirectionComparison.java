package io.naru.doctor.compare;

import java.util.List;
import java.util.Map;
import java.util.SortedSet;

/**
 * One direction between two captures.
 *
 * @param from node that sends
 * @param to node that receives
 * @param kinds what was sent, by kind; a kind of which nothing was sent is absent
 * @param tunnelPorts UDP destination ports of the tunnel's packets
 * @param vnis of the tunnel's packets
 * @param lostFlows flows with missing packets, the worst first, at most {@link #MOST_FLOWS}
 * @param lostFlowCount how many such flows there are
 * @param sizes packets by size, the tunnel's and the pods' together
 * @param icmpErrors that reached the sender about packets to the receiver
 * @param congestionMarked tunnel packets that arrived with an outer "congestion experienced"
 * @param answersLost whether most missing packets belong to flows whose other direction arrives
 */
public record DirectionComparison(
    String from,
    String to,
    Map<TrafficKind, Tally> kinds,
    SortedSet<Integer> tunnelPorts,
    SortedSet<Integer> vnis,
    List<FlowTally> lostFlows,
    int lostFlowCount,
    List<SizeTally> sizes,
    List<CountedReport> icmpErrors,
    int congestionMarked,
    boolean answersLost) {
  /** More flows than these are only counted. */
  public static final int MOST_FLOWS = 20;

  public DirectionComparison {
    kinds = Map.copyOf(kinds);
    lostFlows = List.copyOf(lostFlows);
    sizes = List.copyOf(sizes);
    icmpErrors = List.copyOf(icmpErrors);
  }

  public Tally of(TrafficKind kind) {
    return kinds.getOrDefault(kind, Tally.NONE);
  }

  /**
   * A flow with missing packets.
   *
   * @param flow the five-tuple
   * @param kind whether it goes through the tunnel
   */
  public record FlowTally(FlowKey flow, TrafficKind kind, Tally tally) {}

  /**
   * Packets of a range of sizes.
   *
   * @param from bytes, inclusive
   * @param to bytes, inclusive
   */
  public record SizeTally(int from, int to, Tally tally) {}

  /** ICMP errors of one kind and their number. */
  public record CountedReport(IcmpReport report, int count) {}
}
