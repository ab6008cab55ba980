package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A firewall on the receiving host that forwards nothing to pods. */
public record ForwardDrop() implements ScriptedFault {
  @Override
  public String id() {
    return "forward-drop";
  }

  @Override
  public String title() {
    return "the receiving host's firewall drops forwarded pod packets";
  }

  @Override
  public String description() {
    return "A rule in the receiving node's FORWARD drops what comes from the sender's pods.";
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
    // A rule, not a policy: next to a policy the agent puts a rule that lets pods pass.
    return sight.firewall(this, sight.to(), "forward", sight.podPackets(), "no transit");
  }
}
