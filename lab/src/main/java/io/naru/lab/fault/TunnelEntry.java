package io.naru.lab.fault;

import io.naru.lab.fault.NodeSight.Forward;

/** The sender's forwarding entry for the receiver, as {@code bridge fdb} changes it. */
record TunnelEntry(PairSight sight, Forward forward) {
  static TunnelEntry of(PairSight sight) {
    return new TunnelEntry(sight, sight.forward());
  }

  /** It is missing. */
  Injection removed(Fault fault) {
    return changed(
        fault, Step.bridge(node(), "fdb del " + words(forward.mac(), forward.destination())));
  }

  /**
   * It leads elsewhere.
   *
   * @param destination an address, and what may follow it: {@code port 4789}
   */
  Injection leading(Fault fault, String destination) {
    return changed(fault, replace(destination));
  }

  /** The agent, which would repair it, is paused; what is given to the tunnel is counted. */
  private Injection changed(Fault fault, Step change) {
    return Injection.of(sight.packetsIntoTunnel(fault))
        .pausing(node())
        .altering(node() + " fdb " + forward.mac())
        .and(change, replace(forward.destination()));
  }

  private Step replace(String destination) {
    return Step.bridge(node(), "fdb replace " + words(forward.mac(), destination));
  }

  private String node() {
    return sight.from().name();
  }

  private static String words(String mac, String destination) {
    return "%s dev %s dst %s self permanent".formatted(mac, NodeSight.TUNNEL, destination);
  }
}
