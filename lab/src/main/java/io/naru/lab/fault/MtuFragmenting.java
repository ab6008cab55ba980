package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.LabNode;
import java.util.List;

/** An underlay whose MTU is too small for the tunnel, and known to be. */
public record MtuFragmenting() implements ScriptedFault {
  @Override
  public String id() {
    return "mtu-fragmenting";
  }

  @Override
  public String title() {
    return "tunnel packets travel in fragments";
  }

  @Override
  public String description() {
    return "The sending node believes in an MTU of 1400 to the receiver and sends large tunnel packets in"
        + " fragments; all arrive, slowly.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.slow(Way.THERE));
  }

  @Override
  public Injection injection(PairSight sight) {
    String large =
        "oifname \""
            + LabNode.UNDERLAY_INTERFACE
            + "\" ip saddr %s ip daddr %s %s meta length > %d counter"
                .formatted(
                    PairSight.own(sight.from(), IpFamily.IPV4),
                    PairSight.own(sight.to(), IpFamily.IPV4),
                    UnderlayPortBlocked.TUNNEL,
                    SmallPath.MTU);
    return new SmallPath(sight)
        .injection()
        .and(
            sight.table(
                this, sight.from().name(), "inet", "postrouting priority 300", List.of(large)));
  }
}
