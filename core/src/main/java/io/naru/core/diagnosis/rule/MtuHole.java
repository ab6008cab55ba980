package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Small packets pass, those of the pods' full size do not. */
final class MtuHole implements Rule {
  private static final String FAULT = "mtu-hole";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    if (path.state() != PathState.DEGRADED || !path.word().smallPass()) {
      return Optional.empty();
    }
    int podMtu = path.sender().or(path::receiver).map(node -> node.podMtu()).orElse(0);
    Optional<IcmpError> tooBig = path.sender().flatMap(node -> tooBig(node, path));
    Optional<Integer> largest = path.trains().largest();
    return Optional.of(
        new Finding(
            FAULT,
            FAULT,
            "large packets from "
                + path.word().from()
                + " to "
                + path.word().to()
                + (tooBig.isEmpty() ? " are lost without a word" : " are refused as too large")
                + "; small ones pass",
            path.isLostBetween() ? Certainty.OBSERVED : Certainty.INFERRED,
            List.of(
                "probes of 64 bytes pass, those of " + podMtu + " bytes do not",
                tooBig
                    .map(error -> error.from() + " says by ICMP: " + error.meaning())
                    .orElse("no ICMP \"fragmentation needed\" came back"),
                largest
                    .map(size -> "the largest that arrives has " + size + " bytes")
                    .orElse("how large they may be was not found")),
            List.of("a closed port: small packets pass on it"),
            List.of(),
            List.of(
                Remedy.judged(
                    "let the pods' packets be smaller: set mtu: "
                        + largest.map(String::valueOf).orElse("1280")
                        + " in the network's file; or have the hop that drops them carry "
                        + (podMtu + path.overhead())
                        + " bytes",
                    "tracepath -n " + path.receiverAddress()))));
  }

  private static Optional<IcmpError> tooBig(NodeEvidence sender, PathCase path) {
    return sender.icmpErrors().stream()
        .filter(error -> error.about().equals(path.receiverAddress()))
        .filter(error -> error.meaning().startsWith("too big"))
        .findFirst();
  }
}
