package io.naru.lab.fault;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.NodeSight.Route;
import io.naru.lab.topology.LabNode;
import java.util.List;

/** A receiver that would answer by another interface, and therefore drops. */
public record RpFilter() implements ScriptedFault {
  @Override
  public String id() {
    return "rp-filter";
  }

  @Override
  public String title() {
    return "the receiving node's reverse path filter drops";
  }

  @Override
  public String description() {
    return "The receiving node, whose agent is paused, has rp_filter=1 on the tunnel and a route by the NIC to"
        + " the sender's pods; the way back works, without tunnel.";
  }

  @Override
  public Place place() {
    return Place.RECEIVER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_VTEP, Tap.RECEIVER_VETH));
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.to().name();
    String filter = NodeSight.REVERSE_PATH_FILTER;
    String before = sight.receiver().settings().getOrDefault(filter, "2");
    Injection injection =
        Injection.of(sight.packetsOutOfTunnel(this))
            .pausing(node)
            .altering(node + " rp_filter")
            .and(Step.sysctl(node, filter + "=1"), Step.sysctl(node, filter + "=" + before));
    IpAddress sender = PairSight.own(sight.from(), IpFamily.IPV4);
    IpAddress next = sight.sameSubnet() ? sender : SmallPath.gateway(sight.to().subnet());
    for (Route route : sight.routesBack()) {
      if (route.destination().family() == IpFamily.IPV4) {
        String byNic =
            "route replace %s via %s dev %s"
                .formatted(route.destination(), next, LabNode.UNDERLAY_INTERFACE);
        injection =
            injection
                .altering(node + " route " + route.destination())
                .and(Step.ip(node, byNic), Step.ip(node, "route replace " + route.text()));
        if (!sight.sameSubnet()) {
          String known = "route replace " + route.destination() + " via " + sender;
          injection =
              injection
                  .altering("fabric route " + route.destination())
                  .and(
                      Step.ip("fabric", known),
                      Step.ip("fabric", known, "route del " + route.destination()));
        }
      }
    }
    return injection;
  }
}
