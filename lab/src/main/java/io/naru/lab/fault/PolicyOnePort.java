package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A network policy that closes one port. */
public record PolicyOnePort() implements ScriptedFault {
  /** The port that is closed. */
  public static final int PORT = 80;

  @Override
  public String id() {
    return "policy-one-port";
  }

  @Override
  public String title() {
    return "a policy on the receiving node closes one TCP port";
  }

  @Override
  public String description() {
    return "A rule on the receiving node drops TCP "
        + PORT
        + " from the sender's pods; everything else works.";
  }

  @Override
  public Place place() {
    return Place.RECEIVER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.RECEIVER_VTEP, Tap.RECEIVER_VETH));
  }

  @Override
  public Injection injection(PairSight sight) {
    List<String> requests =
        sight.podPackets().stream().map(match -> match + " tcp dport " + PORT).toList();
    return sight.firewall(this, sight.to(), "forward", requests, "policy web");
  }
}
