package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** Two ends that do not agree on the network identifier. */
public record VniMismatch() implements ScriptedFault {
  private static final int VNI = 4242;

  @Override
  public String id() {
    return "vni-mismatch";
  }

  @Override
  public String title() {
    return "the sender's packets carry another VNI";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, sends the receiver VXLAN packets with VNI "
        + VNI
        + ", which that does not know.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    TunnelEntry entry = TunnelEntry.of(sight);
    return entry.leading(this, entry.forward().destination() + " vni " + VNI);
  }
}
