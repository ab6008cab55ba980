package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A hop that says no to the tunnel: an ICMP error names it. */
final class Refused implements Rule {
  private static final String FAULT = "underlay-rejected";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.isVxlan() || !path.isLostBetween()) {
      return Optional.empty();
    }
    return path.sender().stream()
        .flatMap(node -> node.icmpErrors().stream())
        .filter(error -> error.about().equals(path.receiverAddress()))
        .filter(error -> error.port() == path.vxlanPort())
        .filter(error -> error.meaning().contains("prohibited"))
        .findFirst()
        .map(error -> finding(path, error));
  }

  private static Finding finding(PathCase path, IcmpError error) {
    return new Finding(
        FAULT,
        FAULT + " " + error.from(),
        error.from()
            + " refuses the packets from "
            + path.word().from()
            + " to "
            + path.word().to()
            + ": "
            + error.meaning(),
        Certainty.OBSERVED,
        List.of("ICMP from " + error.from() + ": " + error.meaning()),
        List.of("silence of a security group: somebody answers"),
        List.of(),
        List.of(
            Remedy.judged(
                "ask the owner of "
                    + error.from()
                    + " to let UDP "
                    + path.vxlanPort()
                    + " pass to "
                    + path.receiverAddress(),
                "")));
  }
}
