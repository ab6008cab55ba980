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
                "no ICMP \"fragmentation needed\" came back"),
            List.of("a closed port: small packets pass on it"),
            List.of("the largest size that passes"),
            List.of(
                Remedy.judged(
                    "let the pods' packets be smaller: set mtu in the network's file, 50 less than"
                        + " what the underlay carries (70 over IPv6); or have the hop that drops"
                        + " them carry "
                        + (podMtu + (path.isVxlan() ? 50 : 0))
                        + " bytes",
                    "tracepath -n " + path.receiverAddress()))));
  }
}
