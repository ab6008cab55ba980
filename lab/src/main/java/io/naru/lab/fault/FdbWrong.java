package io.naru.lab.fault;

import io.naru.core.address.IpAddress;
import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A sender that has a wrong address for the receiver. */
public record FdbWrong() implements ScriptedFault {
  @Override
  public String id() {
    return "fdb-wrong";
  }

  @Override
  public String title() {
    return "the sender's forwarding entry has a wrong address";
  }

  @Override
  public String description() {
    return "The sending node, whose agent is paused, sends what is for the receiver to an address that is no"
        + " node's.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public Injection injection(PairSight sight) {
    TunnelEntry entry = TunnelEntry.of(sight);
    // Beyond the gateway, so that the packets leave the NIC.
    String wrong =
        IpAddress.parse(entry.forward().destination()).isIpv4()
            ? "198.51.100.99"
            : "2001:db8:100::99";
    return entry.leading(this, wrong);
  }
}
