package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** One of several equal ways that is dead. */
public record UnderlayFlowLoss() implements FabricFault {
  @Override
  public String id() {
    return "underlay-flow-loss";
  }

  @Override
  public String title() {
    return "one of four equal ways on the underlay is dead";
  }

  @Override
  public String description() {
    return "The fabric drops the UDP packets of each fourth source port: some flows lose everything, others"
        + " nothing.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology).stream()
        .map(packets -> packets + " udp sport & 3 == 1")
        .toList();
  }
}
