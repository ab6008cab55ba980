package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.NodeSight.Route;
import java.util.List;

/** A sender without a route to the receiver's pods. */
public record RouteMissing() implements ScriptedFault {
  @Override
  public String id() {
    return "route-missing";
  }

  @Override
  public String title() {
    return "the sender has no route to the receiver's pods";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, loses its route to the receiver's pods; Naru's own route"
        + " to the cluster's other addresses answers with ICMP 3/1.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(
        Expectation.broken(Way.THERE, Tap.SENDER_VETH, Tap.SENDER_VTEP),
        // What comes from where no route leads is not accepted either, also with a loose filter.
        Expectation.broken(Way.BACK, Tap.RECEIVER_VTEP, Tap.RECEIVER_VETH));
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.from().name();
    // Before the routing: behind it there is no such packet any more.
    List<String> counting =
        sight.podPackets().stream()
            .map(match -> "iifname != \"" + NodeSight.TUNNEL + "\" " + match + " counter")
            .toList();
    Injection injection =
        Injection.of(sight.table(this, node, "inet", "prerouting priority -400", counting))
            .pausing(node);
    for (Route route : sight.routesThere()) {
      injection =
          injection
              .altering(node + " route " + route.destination())
              .and(
                  Step.ip(node, "route del " + route.text()),
                  Step.ip(node, "route replace " + route.text()));
    }
    return injection;
  }
}
