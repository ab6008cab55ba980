package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A firewall on the receiving host that does not know the tunnel. */
public record HostInputDrop() implements ScriptedFault {
  @Override
  public String id() {
    return "host-input-drop";
  }

  @Override
  public String title() {
    return "the receiving host's firewall drops the tunnel's port";
  }

  @Override
  public String description() {
    return "A rule in the receiving node's INPUT drops UDP 8472 from the sender; it is seen at the"
        + " NIC and never reaches the tunnel.";
  }

  @Override
  public Place place() {
    return Place.RECEIVER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    return sight.firewall(this, sight.to(), "input", sight.tunnelPackets(), "only known services");
  }
}
