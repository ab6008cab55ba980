package io.naru.lab.fault;

import io.naru.core.address.IpFamily;
import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** An underlay with small packets that also loses fragments. */
public record FragmentsDropped() implements ScriptedFault {
  @Override
  public String id() {
    return "fragments-dropped";
  }

  @Override
  public String title() {
    return "the underlay drops the fragments of tunnel packets";
  }

  @Override
  public String description() {
    return "The sending node believes in an MTU of 1400 to the receiver and sends large tunnel packets in"
        + " fragments, of which the fabric drops all but the first; ping works, bulk stalls.";
  }

  @Override
  public Place place() {
    return Place.SENDER;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.degraded(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    List<String> rules =
        sight.direction().packets(sight.topology(), IpFamily.IPV4).stream()
            .map(match -> match + " ip frag-off & 0x1fff != 0 counter drop")
            .toList();
    return new SmallPath(sight)
        .injection()
        .and(sight.table(this, "fabric", "bridge", "prerouting priority -390", rules));
  }
}
