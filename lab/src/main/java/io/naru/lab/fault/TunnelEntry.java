package io.naru.lab.fault;

import io.naru.lab.fault.NodeSight.Forward;

/** The sender's forwarding entry for the receiver, as {@code bridge fdb} changes it. */
record TunnelEntry(String node, Forward forward) {
  TunnelEntry(PairSight sight) {
    this(sight.from().name(), sight.forward());
  }

  /** What an injection that changes it alters. */
  String claim() {
    return node + " fdb " + forward.mac();
  }

  Step remove() {
    return Step.bridge(node, "fdb del " + words(forward.mac(), forward.destination()));
  }

  Step restore() {
    return changed(forward.destination());
  }

  /**
   * @param destination an address, and what may follow it: {@code port 4789}
   */
  Step changed(String destination) {
    return Step.bridge(node, "fdb replace " + words(forward.mac(), destination));
  }

  private static String words(String mac, String destination) {
    return "%s dev %s dst %s self permanent".formatted(mac, NodeSight.TUNNEL, destination);
  }
}
