package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** A security group that does not let the tunnel's port in on the way back. */
public record UnderlayReturnBlocked() implements FabricFault {
  @Override
  public String id() {
    return "underlay-return-blocked";
  }

  @Override
  public String title() {
    return "the underlay drops the tunnel's port on the way back";
  }

  @Override
  public String description() {
    return "The fabric drops UDP 8472 from the receiver to the sender; requests arrive, replies"
        + " do not.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.BACK, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return new UnderlayPortBlocked().matches(direction.reversed(), topology);
  }
}
