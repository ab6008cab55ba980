package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.NodeSight.Neighbour;
import java.util.List;

/** A sender that still has an earlier MAC address of the receiver's tunnel. */
public record VtepMacStale() implements ScriptedFault {
  @Override
  public String id() {
    return "vtep-mac-stale";
  }

  @Override
  public String title() {
    return "the sender has an old MAC address of the receiver's tunnel";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, addresses frames to a MAC address that the receiver's"
        + " tunnel does not have; they arrive there and are nobody's.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_VTEP, Tap.RECEIVER_VETH));
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.from().name();
    String stale = "02:00:5e:00:00:%02x".formatted(sight.to().number());
    Injection injection = Injection.of(sight.packetsIntoTunnel(this)).pausing(node);
    String entry =
        "%s dev %s dst %s self permanent"
            .formatted(stale, NodeSight.TUNNEL, sight.forward().destination());
    injection =
        injection.and(
            Step.bridge(node, "fdb replace " + entry),
            Step.bridge(node, "fdb replace " + entry, "fdb del " + entry));
    for (Neighbour gateway : sight.gateways()) {
      var change = new NeighbourChange(node, gateway);
      injection = injection.altering(change.claim()).and(change.to(stale), change.restore());
    }
    return injection;
  }
}
