package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** An underlay that loses packets at random. */
public record UnderlayLoss() implements FabricFault {
  /** How many of a hundred packets are lost. */
  static final int PERCENT = 20;

  @Override
  public String id() {
    return "underlay-loss";
  }

  @Override
  public String title() {
    return "the underlay loses packets";
  }

  @Override
  public String description() {
    return "The fabric drops " + PERCENT + " % of the direction's packets at random.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology, "numgen random mod 100 < " + PERCENT);
  }
}
