package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** A security group that does not let the tunnel's port in. */
public record UnderlayPortBlocked() implements FabricFault {
  /** UDP port of the tunnel, as the lab's network configuration leaves it. */
  static final String TUNNEL = "udp dport 8472";

  @Override
  public String id() {
    return "underlay-port-blocked";
  }

  @Override
  public String title() {
    return "the underlay drops the tunnel's port";
  }

  @Override
  public String description() {
    return "The fabric drops UDP 8472 on the way there; pods are cut off, the nodes' TCP works.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology, TUNNEL);
  }
}
