package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;

/** Small packets pass, those of the pods' full size do not. */
final class MtuHole implements Rule {
  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.word().state().equals("degraded") || !path.word().smallPass()) {
      return Optional.empty();
    }
    int podMtu = path.sender().or(path::receiver).map(node -> node.podMtu()).orElse(0);
    Optional<Integer> largest = path.trains().largest();
    return Optional.of(
        new Finding(
            "mtu-hole",
            "mtu-hole",
            "large packets from "
                + path.word().from()
                + " to "
                + path.word().to()
                + " are lost without a word; small ones pass",
            path.isLostBetween() ? Certainty.OBSERVED : Certainty.INFERRED,
            List.of(
                "probes of 64 bytes pass, those of " + podMtu + " bytes do not",
                "no ICMP \"fragmentation needed\" came back",
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
                        + (podMtu + (path.isVxlan() ? 50 : 0))
                        + " bytes",
                    "tracepath -n " + path.receiverAddress()))));
  }
}
