package io.naru.core.diagnosis;

import io.naru.core.diagnosis.NodeEvidence.Drift;

/** What a drift means, in a line that states the fact. */
public final class DriftTitle {
  private DriftTitle() {}

  /** The fact: what the node lacks, and for whom. */
  public static String of(String node, Drift drift) {
    String peer = drift.peer().map(name -> name + "'s").orElse("its peers'");
    String toPeer = drift.peer().orElse("its peers");
    return switch (drift.fault()) {
      case "fdb-missing" ->
          node + " does not know at which address " + peer + " tunnel ends: the entry is missing";
      case "fdb-wrong" -> node + " sends what is for " + peer + " tunnel to a wrong address";
      case "entry-surplus" ->
          node
              + "'s kernel holds an entry that nobody asked for: "
              + drift.line().replaceFirst("^- ", "");
      case "neigh-missing" ->
          node + " does not know " + peer + " tunnel MAC address: the neighbour is missing";
      case "vtep-mac-stale" ->
          node
              + " uses a wrong MAC address for "
              + drift.peer().map(name -> name + "'s tunnel end").orElse("a tunnel end");
      case "route-missing" -> node + " has no route to " + peer + " pods";
      case "route-wrong" -> node + " has a wrong route to " + peer + " pods";
      case "vni-mismatch" -> node + "'s tunnel has another network identifier (VNI) than its peers";
      case "port-mismatch" ->
          node + "'s tunnel is down, or listens on another UDP port than its peers send to";
      case "tunnel-missing" -> node + " has no tunnel device";
      case "ip-forward-off" -> node + " does not forward packets between pods and other nodes";
      case "rp-filter" -> node + " drops packets by the check of their way back (rp_filter)";
      case "rule-missing" -> node + " lacks a routing rule for packets to " + toPeer;
      case "filter-altered" -> "somebody altered Naru's packet filter on " + node;
      default -> node + "'s kernel does not hold what it should: " + drift.line();
    };
  }
}
