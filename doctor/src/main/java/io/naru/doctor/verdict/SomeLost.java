package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Some packets arrive and some are lost, of the same sizes. */
final class SomeLost implements DirectionRule {
  private static final int FEWEST = 3;
  private static final int LEAST_PERCENT = 1;

  @Override
  public Optional<Symptom> symptom(Direction direction) {
    Tally tally = direction.tunnel();
    TrafficKind kind = TrafficKind.TUNNEL;
    if (tally.isEmpty()) {
      kind = TrafficKind.POD;
      tally = direction.there().of(kind);
    }
    int known = tally.arrived() + tally.lost();
    if (tally.lost() < FEWEST
        || tally.arrived() == 0
        || tally.lost() * 100L < (long) LEAST_PERCENT * known) {
      return Optional.empty();
    }
    long percent = Math.round(tally.lost() * 100.0 / known);
    boolean oneFlow =
        direction.there().lostFlowCount() == 1
            && direction.there().lostFlows().getFirst().tally().arrived() == 0;
    List<String> evidence = new ArrayList<>();
    evidence.add(direction.counts(tally, "packets (" + kind + ")"));
    evidence.addAll(direction.otherTraffic());
    evidence.addAll(direction.flows());
    evidence.add(direction.there().lostFlowCount() + " flows miss packets");
    return Optional.of(
        new Symptom(
            oneFlow ? Verdict.UNEXPLAINED : "underlay-loss",
            PathState.DEGRADED,
            oneFlow
                ? "One flow from "
                    + direction.there().from()
                    + " to "
                    + direction.there().to()
                    + " loses all its packets on the way, others arrive"
                : "The underlay loses "
                    + percent
                    + " % of the packets from "
                    + direction.there().from()
                    + " to "
                    + direction.there().to(),
            direction.pair(),
            direction.senderNic(),
            direction.receiverNic(),
            direction.certainty(tally),
            evidence,
            List.of(
                "the port is closed: " + tally.arrived() + " packets arrived",
                "an MTU that is too small: packets of "
                    + tally.largestArrived()
                    + " bytes arrived, and some of "
                    + tally.smallestLost()
                    + " did not"),
            direction.limits(),
            List.of(
                Remedy.judged(
                    "find what drops them between the nodes: a full link, a policer, a bad member"
                        + " of a bundle",
                    "")),
            0));
  }
}
