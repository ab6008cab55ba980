package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** A cloud that checks source addresses: packets that carry a pod's address are not forwarded. */
public record DirectRouteRefused() implements FabricFault {
  @Override
  public String id() {
    return "direct-route-refused";
  }

  @Override
  public String title() {
    return "the underlay refuses packets with pod addresses";
  }

  @Override
  public String description() {
    return "The fabric drops packets whose source is none of the sending node's own addresses;"
        + " direct routing is dead, tunnels work.";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(
        Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC).onlyWith("direct"));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    List<String> matches = new ArrayList<>();
    for (LabNode sender : direction.senders(topology)) {
      for (IpFamily family : IpFamily.values()) {
        for (String destination : destinations(direction, topology, family)) {
          matches.add(
              "iifname \"%s\" %s%s saddr != %s"
                  .formatted(
                      sender.name(),
                      destination,
                      Direction.keyword(family),
                      Direction.set(own(sender, family))));
        }
      }
    }
    return matches;
  }

  /** Without a receiver the check is the port's, as in a cloud: wherever the packet goes. */
  private static List<String> destinations(
      Direction direction, Topology topology, IpFamily family) {
    if (direction.to().isEmpty()) {
      return List.of("");
    }
    String inSubnet = direction.inSubnet(topology) + " ";
    return topology.families().contains(family)
        ? List.of(inSubnet, direction.beyondSubnet(topology, family) + " ")
        : List.of(inSubnet);
  }

  /** A node's own addresses, and those that a host may use before it has any. */
  private static List<String> own(LabNode node, IpFamily family) {
    List<String> sources =
        new ArrayList<>(
            switch (family) {
              case IPV4 -> List.of("0.0.0.0");
              case IPV6 -> List.of("::", "fe80::/10");
            });
    node.address(family).ifPresent(address -> sources.add(address.toString()));
    return sources;
  }
}
