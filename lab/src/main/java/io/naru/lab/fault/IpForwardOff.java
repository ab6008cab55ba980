package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A host that is no router. */
public record IpForwardOff() implements ScriptedFault {
  @Override
  public String id() {
    return "ip-forward-off";
  }

  @Override
  public String title() {
    return "the receiving node does not forward";
  }

  @Override
  public String description() {
    return "ip_forward=0 on the receiving node, whose agent is paused: pod packets from and to every"
        + " other node end there.";
  }

  @Override
  public Place place() {
    return Place.RECEIVER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(
        Expectation.broken(Way.THERE, Tap.RECEIVER_VTEP, Tap.RECEIVER_VETH).ofWholeNode(),
        Expectation.broken(Way.BACK, Tap.SENDER_VETH, Tap.SENDER_VTEP).ofWholeNode());
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.to().name();
    Injection injection =
        Injection.of(sight.packetsOutOfTunnel(this)).pausing(node).altering(node + " forwarding");
    for (IpFamily family : IpFamily.values()) {
      if (!sight.receiver().podCidrs(family).isEmpty()) {
        String setting =
            switch (family) {
              case IPV4 -> "net.ipv4.ip_forward";
              case IPV6 -> "net.ipv6.conf.all.forwarding";
            };
        injection =
            injection.and(Step.sysctl(node, setting + "=0"), Step.sysctl(node, setting + "=1"));
      }
    }
    return injection;
  }
}
