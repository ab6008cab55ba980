package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.List;

/** An underlay that carries no UDP at all. */
public record UnderlayAllUdpBlocked() implements FabricFault {
  @Override
  public String id() {
    return "underlay-all-udp-blocked";
  }

  @Override
  public String title() {
    return "the underlay drops all UDP";
  }

  @Override
  public String description() {
    return "The fabric drops every UDP packet; the tunnel is dead on any port, TCP works.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    return direction.packets(topology, "meta l4proto udp");
  }
}
