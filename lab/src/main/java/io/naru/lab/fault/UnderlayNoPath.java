package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** A hole in the underlay's routing. */
public record UnderlayNoPath() implements FabricFault {
  @Override
  public String id() {
    return "underlay-no-path";
  }

  @Override
  public String title() {
    return "the underlay has no path between the nodes";
  }

  @Override
  public String description() {
    return "The fabric drops every IP packet of the direction without a word; nothing arrives.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology);
  }
}
