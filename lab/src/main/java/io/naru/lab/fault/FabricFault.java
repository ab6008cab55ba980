package io.naru.lab.fault;

import io.naru.lab.topology.Topology;
import java.util.List;

/** A fault of the cloud between the nodes: packets of a direction that the fabric drops. */
public sealed interface FabricFault extends Fault
    permits DirectRouteRefused,
        MtuHole,
        OuterEcnMarked,
        UnderlayAllUdpBlocked,
        UnderlayFlowLoss,
        UnderlayLoss,
        UnderlayNoPath,
        UnderlayPoliced,
        UnderlayPortBlocked,
        UnderlayReturnBlocked {
  @Override
  default Place place() {
    return Place.FABRIC;
  }

  /**
   * What nftables must match to drop a packet, or to do what {@link #statement} says. No packet may
   * match two of the entries, or it would be judged, and counted, twice.
   */
  List<String> matches(Direction direction, Topology topology);

  /** What nftables does with a packet that an entry of {@link #matches} matched. */
  default String statement(String match) {
    return "drop";
  }

  /** Whether packets must enter the fabric at the size they would have on a wire. */
  default boolean needsWireSizes() {
    return false;
  }
}
