package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.fault.NodeSight.Neighbour;
import java.util.List;

/** A sender that does not know the receiver's tunnel end point as a neighbour. */
public record NeighMissing() implements ScriptedFault {
  @Override
  public String id() {
    return "neigh-missing";
  }

  @Override
  public String title() {
    return "the sender lacks the neighbour that is the receiver's tunnel";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, loses the MAC address of the receiver's tunnel; its own"
        + " gateway answers the pods with ICMP 3/1.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_VETH, Tap.SENDER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.from().name();
    Injection injection = Injection.of(sight.packetsIntoTunnel(this)).pausing(node);
    for (Neighbour gateway : sight.gateways()) {
      var entry = new NeighbourChange(node, gateway);
      injection = injection.altering(entry.claim()).and(entry.remove(), entry.restore());
    }
    return injection;
  }
}
