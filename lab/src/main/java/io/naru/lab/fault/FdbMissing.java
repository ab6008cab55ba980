package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A sender that does not know behind which address the receiver's tunnel end point is. */
public record FdbMissing() implements ScriptedFault {
  @Override
  public String id() {
    return "fdb-missing";
  }

  @Override
  public String title() {
    return "the sender has no forwarding entry for the receiver";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, loses its tunnel's forwarding entry for the"
        + " receiver; its packets end in the tunnel device.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_VTEP, Tap.SENDER_NIC));
  }

  @Override
  public Injection injection(PairSight sight) {
    return TunnelEntry.of(sight).removed(this);
  }
}
