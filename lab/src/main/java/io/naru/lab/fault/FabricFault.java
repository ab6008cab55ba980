package io.naru.lab.fault;

import io.naru.lab.topology.Topology;
import java.util.List;

/** A fault of the cloud between the nodes: packets of a direction that the fabric drops. */
public sealed interface FabricFault extends Fault
    permits DirectRouteRefused,
        MtuHole,
        UnderlayAllUdpBlocked,
        UnderlayLoss,
        UnderlayNoPath,
        UnderlayPortBlocked,
        UnderlayReturnBlocked {
  @Override
  default String place() {
    return "fabric";
  }

  /**
   * What nftables must match to drop a packet. No packet may match two of the entries, or it would
   * be judged, and counted, twice.
   */
  List<String> matches(Direction direction, Topology topology);

  /** Whether packets must enter the fabric at the size they would have on a wire. */
  default boolean needsWireSizes() {
    return false;
  }
}
