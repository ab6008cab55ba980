package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.Topology;
import java.util.ArrayList;
import java.util.List;

/** An underlay that marks congestion on packets whose sender does not know the mark. */
public record OuterEcnMarked() implements FabricFault {
  @Override
  public String id() {
    return "outer-ecn-marked";
  }

  @Override
  public String title() {
    return "the underlay marks tunnel packets as congested";
  }

  @Override
  public String description() {
    return "The fabric sets the ECN field of tunnel packets that are Not-ECT to CE; the receiver must drop them"
        + " (RFC 6040, section 4.2).";
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public List<String> matches(Direction direction, Topology topology) {
    List<String> matches = new ArrayList<>();
    for (IpFamily family : topology.families()) {
      for (String packets : direction.packets(topology, family)) {
        matches.add(packets + " " + UnderlayPortBlocked.TUNNEL + " " + field(family) + " not-ect");
      }
    }
    return matches;
  }

  @Override
  public String statement(String match) {
    IpFamily family = match.contains(" ip6 ecn ") ? IpFamily.IPV6 : IpFamily.IPV4;
    return field(family) + " set ce";
  }

  private static String field(IpFamily family) {
    return Direction.keyword(family) + " ecn";
  }
}
