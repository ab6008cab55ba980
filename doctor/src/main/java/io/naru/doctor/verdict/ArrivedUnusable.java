package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.path.PathState;
import io.naru.doctor.compare.DirectionComparison.CountedReport;
import io.naru.doctor.compare.Tally;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The tunnel's packets arrive at the other nic, and their headers say why no pod gets them. */
final class ArrivedUnusable implements DirectionRule {
  // RFC 792: port unreachable; RFC 4443, 3.1
  private static final List<Integer> PORT_UNREACHABLE = List.of(3);
  private static final List<Integer> PORT_UNREACHABLE_6 = List.of(4);

  @Override
  public Optional<Symptom> symptom(Direction direction) {
    if (direction.tunnel().arrived() == 0) {
      return Optional.empty();
    }
    Optional<CountedReport> refused = direction.refusal(PORT_UNREACHABLE, PORT_UNREACHABLE_6);
    return refused
        .map(each -> portMismatch(direction, each))
        .or(() -> otherPort(direction))
        .or(() -> otherVni(direction))
        .or(() -> marked(direction));
  }

  private static Symptom symptom(
      Direction direction, String fault, String title, String evidence, Remedy remedy) {
    Tally tunnel = direction.tunnel();
    return new Symptom(
        fault,
        PathState.BROKEN,
        title,
        direction.pair(),
        direction.receiverNic(),
        direction.there().to() + "/vtep",
        Certainty.OBSERVED,
        List.of(evidence, direction.counts(tunnel, "tunnel packets")),
        List.of("the underlay loses them: " + tunnel.arrived() + " arrived"),
        direction.limits(),
        List.of(remedy),
        0);
  }

  private static Symptom portMismatch(Direction direction, CountedReport refused) {
    int port = refused.report().quotedPort();
    return symptom(
        direction,
        "port-mismatch",
        "Nothing listens on UDP " + port + " at " + direction.there().to(),
        refused.report().from()
            + " answered "
            + refused.count()
            + " packets to UDP "
            + port
            + " with \"port unreachable\"",
        Remedy.judged(
            "set the tunnel device of "
                + direction.there().to()
                + " up, and give it the port "
                + port,
            ""));
  }

  private static Optional<Symptom> otherPort(Direction direction) {
    var here = direction.there().tunnelPorts();
    var back = direction.back().tunnelPorts();
    if (here.isEmpty() || back.isEmpty() || !Collections.disjoint(here, back)) {
      return Optional.empty();
    }
    return Optional.of(
        symptom(
            direction,
            "port-mismatch",
            "The two nodes use different VXLAN ports: "
                + direction.there().from()
                + " sends to "
                + here
                + ", "
                + direction.there().to()
                + " to "
                + back,
            "the outer destination ports of the two directions differ",
            Remedy.judged("give both tunnel devices the same port, 8472 or 4789", "")));
  }

  private static Optional<Symptom> otherVni(Direction direction) {
    var here = direction.there().vnis();
    var back = direction.back().vnis();
    if (here.isEmpty() || back.isEmpty() || !Collections.disjoint(here, back)) {
      return Optional.empty();
    }
    return Optional.of(
        symptom(
            direction,
            "vni-mismatch",
            "The two nodes use different VNIs: "
                + direction.there().from()
                + " sends "
                + here
                + ", "
                + direction.there().to()
                + " "
                + back,
            "the VNIs in the VXLAN headers of the two directions differ",
            Remedy.judged("give both tunnel devices the same VNI", "")));
  }

  private static Optional<Symptom> marked(Direction direction) {
    int marked = direction.there().congestionMarked();
    if (marked < direction.tunnel().arrived()) {
      return Optional.empty();
    }
    return Optional.of(
        symptom(
            direction,
            "outer-ecn-marked",
            "Something between "
                + direction.there().from()
                + " and "
                + direction.there().to()
                + " marks the tunnel's packets as congested, and the kernel then drops them",
            "all " + marked + " tunnel packets came with ECN \"congestion experienced\" (RFC 6040)",
            Remedy.judged("stop what sets ECN to CE on packets that are Not-ECT", "")));
  }
}
