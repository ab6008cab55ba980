package io.naru.lab.fault;

import io.naru.core.path.VxlanPort;
import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** Two ends that do not agree on the port. */
public record PortMismatch() implements ScriptedFault {
  @Override
  public String id() {
    return "port-mismatch";
  }

  @Override
  public String title() {
    return "the sender's packets go to another port";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, sends the receiver VXLAN packets to UDP "
        + VxlanPort.STANDARD
        + ", where nothing listens.";
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
    return entry.leading(this, entry.forward().destination() + " port " + VxlanPort.STANDARD);
  }
}
