package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import io.naru.lab.topology.LabNode;
import java.util.List;

/** An underlay, or a NIC, that spoils the checksum of tunnel packets. */
public record OuterChecksum() implements ScriptedFault {
  @Override
  public String id() {
    return "outer-checksum";
  }

  @Override
  public String title() {
    return "tunnel packets arrive with a wrong checksum";
  }

  @Override
  public String description() {
    return "The fabric sets the UDP checksum of tunnel packets to 0x1234, and the sending node's NIC computes"
        + " none; the receiver drops them.";
  }

  @Override
  public Place place() {
    return Place.FABRIC;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.RECEIVER_NIC, Tap.RECEIVER_VTEP));
  }

  @Override
  public Injection injection(PairSight sight) {
    String node = sight.from().name();
    List<String> rules =
        sight
            .direction()
            .packets(
                sight.topology(), UnderlayPortBlocked.TUNNEL + " udp checksum set 0x1234 counter");
    // A packet whose inner checksum is still to be computed would be believed unseen.
    return Injection.of(sight.table(this, "fabric", "bridge", "prerouting priority -390", rules))
        .and(offload(node, "off"), offload(node, "on"));
  }

  private static Step offload(String node, String state) {
    return new Step(node, List.of("ethtool", "-K", LabNode.UNDERLAY_INTERFACE, "tx", state), "");
  }
}
