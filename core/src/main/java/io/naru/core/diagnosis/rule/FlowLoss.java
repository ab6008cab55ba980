package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.TrainCount;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.diagnosis.Train;
import io.naru.core.probe.TrainKind;
import java.util.List;
import java.util.Optional;

/**
 * Some flows lose all their packets, others none: one of several ways between the nodes is dead.
 */
final class FlowLoss implements Rule {
  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.trains().isByFlow()) {
      return Optional.empty();
    }
    return path.trains()
        .of(TrainKind.FLOWS)
        .map(Train::received)
        .map(count -> finding(path, count));
  }

  private static Finding finding(PathCase path, TrainCount count) {
    return new Finding(
        "underlay-flow-loss",
        "underlay-flow-loss",
        "some flows from "
            + path.word().from()
            + " to "
            + path.word().to()
            + " lose every packet, others none",
        Certainty.OBSERVED,
        List.of(
            "of "
                + TrainKind.FLOW_COUNT
                + " source ports "
                + count.silentFlows()
                + " got nothing through and "
                + count.wholeFlows()
                + " everything"),
        List.of("loss at random: it would hit all flows alike"),
        List.of("which of the ways it is: only who runs them sees that"),
        List.of(
            Remedy.judged(
                "one of several equal ways between the nodes is dead (ECMP, a bonded link): ask who"
                    + " runs them to take it out",
                "mtr -u -n -c 20 " + path.receiverAddress())));
  }
}
