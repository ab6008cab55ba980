package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A firewall on the sending host that does not know the tunnel. */
public record HostOutputDrop() implements ScriptedFault {
  @Override
  public String id() {
    return "host-output-drop";
  }

  @Override
  public String title() {
    return "the sending host's firewall drops the tunnel's port";
  }

  @Override
  public String description() {
    return "A rule in the sending node's OUTPUT drops UDP 8472 to the receiver; it is seen at the tunnel and"
        + " never at the NIC.";
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
    return sight.firewall(
        this, sight.from(), "output", sight.tunnelPackets(), "only known services");
  }
}
