package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** A policer on the underlay that counts packets. */
public record UnderlayPoliced() implements FabricFault {
  /** How many packets pass. */
  static final int PER_SECOND = 20;

  @Override
  public String id() {
    return "underlay-policed";
  }

  @Override
  public String title() {
    return "the underlay polices by packets";
  }

  @Override
  public String description() {
    return "The fabric lets 20 UDP packets a second pass, small or large, and drops what is more; bursts are"
        + " lost.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(
        topology, "meta l4proto udp limit rate over " + PER_SECOND + "/second");
  }
}
