package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** A hop with a smaller MTU that drops large tunnel packets and sends no ICMP. */
public record MtuHole() implements FabricFault {
  /** The largest tunnel packet that passes, in bytes with its IP header. */
  static final int LARGEST = 1428;

  @Override
  public String id() {
    return "mtu-hole";
  }

  @Override
  public String title() {
    return "the underlay drops large tunnel packets silently";
  }

  @Override
  public String description() {
    return "The fabric drops UDP 8472 above "
        + LARGEST
        + " bytes with its IP header and says nothing; ping works, bulk stalls.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology, UnderlayPortBlocked.TUNNEL + " meta length > " + LARGEST);
  }

  @Override
  public boolean needsWireSizes() {
    return true;
  }
}
