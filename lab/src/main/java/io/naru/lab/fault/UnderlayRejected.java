package io.naru.lab.fault;

import io.naru.lab.fault.Expectation.Way;
import java.util.List;

/** A router of the underlay that refuses the tunnel and says so. */
public record UnderlayRejected() implements ScriptedFault {
  @Override
  public String id() {
    return "underlay-rejected";
  }

  @Override
  public String title() {
    return "the underlay rejects the tunnel's port";
  }

  @Override
  public String description() {
    return "The sender's gateway in the fabric answers UDP 8472 with ICMP 3/13 (IPv6: 1/1), administratively"
        + " prohibited.";
  }

  @Override
  public Place place() {
    return Place.FABRIC;
  }

  @Override
  public List<Expectation> expected() {
    return List.of(Expectation.broken(Way.THERE, Tap.SENDER_NIC, Tap.RECEIVER_NIC));
  }

  @Override
  public Injection injection(PairSight sight) {
    // What the bridge would hand on in its subnet goes to its router too: a bridge that rejects
    // would do so in the receiver's name.
    String toRouter =
        "counter ether daddr set " + sight.from().subnet().mac() + " meta pkttype set host accept";
    List<String> marked =
        sight.direction().packets(sight.topology(), UnderlayPortBlocked.TUNNEL + " " + toRouter);
    List<String> refused =
        sight.tunnelPackets().stream()
            .map(
                match ->
                    "ether saddr "
                        + sight.from().mac()
                        + " "
                        + match
                        + " reject with icmpx"
                        + " admin-prohibited")
            .toList();
    return Injection.of(sight.table(this, "fabric", "bridge", "prerouting priority -390", marked))
        .and(sight.table(this, "fabric", "inet", "forward priority -10", refused));
  }
}
