package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
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
  public List<String> matches(Direction direction, Topology topology) {
    // Without a receiver the check is the port's, as in a cloud: wherever the packet goes.
    List<String> destinations =
        direction.to().isPresent()
            ? direction.towards(topology)
            : List.of("ether type { ip, ip6 }");
    List<String> matches = new ArrayList<>();
    for (LabNode sender : direction.senders(topology)) {
      for (String foreign : foreignSources(sender)) {
        for (String destination : destinations) {
          if (compatible(foreign, destination)) {
            matches.add("iifname \"%s\" %s %s".formatted(sender.name(), destination, foreign));
          }
        }
      }
    }
    return matches;
  }

  private static List<String> foreignSources(LabNode sender) {
    return List.of(
        "ip saddr != " + Direction.set(own(sender, IpFamily.IPV4, List.of("0.0.0.0"))),
        "ip6 saddr != " + Direction.set(own(sender, IpFamily.IPV6, List.of("::", "fe80::/10"))));
  }

  /** A packet of one family has no destination of the other. */
  private static boolean compatible(String source, String destination) {
    boolean mixed =
        source.startsWith("ip ") && destination.contains("ip6 daddr")
            || source.startsWith("ip6 ") && destination.contains("ip daddr");
    return !mixed;
  }

  private static List<String> own(LabNode node, IpFamily family, List<String> always) {
    List<String> sources = new ArrayList<>(always);
    node.address(family).ifPresent(address -> sources.add(address.toString()));
    return sources;
  }
}
