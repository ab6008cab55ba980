package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;

/** Some probes of all sizes are lost between the nodes. */
final class UnderlayLoss implements Rule {
  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.word().state().equals("degraded") || path.word().smallPass()) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            "underlay-loss",
            "underlay-loss",
            "packets from "
                + path.word().from()
                + " to "
                + path.word().to()
                + " get lost: it "
                + path.word().reason(),
            path.isLostBetween() ? Certainty.OBSERVED : Certainty.INFERRED,
            path.trains().sentences(),
            path.trains().all().isEmpty()
                ? List.of("a closed port: some packets pass")
                : List.of(
                    "a closed port: some packets pass",
                    "a policer or shaper: bursts lose no more than packets far apart"),
            path.trains().all().isEmpty()
                ? List.of("whether the loss depends on the rate (a policer or shaper)")
                : List.of(),
            List.of(
                Remedy.judged(
                    "measure the link by itself, and ask who runs it",
                    "ping -i 0.2 -c 100 " + path.receiverAddress()))));
  }
}
