package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.path.PathState;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Small packets arrive, and every one above a size is lost. */
final class LargePacketsLost implements DirectionRule {
  private static final int FEWEST = 2;

  @Override
  public Optional<Symptom> symptom(Direction direction) {
    return symptom(direction, TrafficKind.TUNNEL).or(() -> symptom(direction, TrafficKind.POD));
  }

  private static Optional<Symptom> symptom(Direction direction, TrafficKind kind) {
    Tally tally = direction.there().of(kind);
    if (tally.lost() < FEWEST
        || tally.largestArrived() == 0 // none came as it left: nothing is known of sizes
        || tally.smallestLost() <= tally.largestArrived()) {
      return Optional.empty();
    }
    Tally fragments = direction.there().of(TrafficKind.FRAGMENT);
    boolean fragmented = fragments.sent() > 0 && fragments.arrived() == 0;
    List<String> evidence = new ArrayList<>();
    evidence.add(direction.counts(tally, "packets (" + kind + ")"));
    evidence.add(
        "the largest that arrived has "
            + tally.largestArrived()
            + " bytes, the smallest that is lost "
            + tally.smallestLost());
    evidence.addAll(direction.otherTraffic());
    evidence.addAll(direction.flows());
    List<String> ruledOut =
        List.of(
            "the port is closed: " + tally.arrived() + " smaller packets arrived",
            "random loss: none of " + tally.smallestLost() + " bytes or more arrived");
    String fault = fragmented ? "fragments-dropped" : "mtu-hole";
    return Optional.of(
        new Symptom(
            fault,
            PathState.BROKEN,
            (fragmented ? "Fragments" : "Packets of " + tally.smallestLost() + " bytes and more")
                + " from "
                + direction.there().from()
                + " to "
                + direction.there().to()
                + " are lost on the way, and nobody says so",
            direction.pair(),
            direction.senderNic(),
            direction.receiverNic(),
            direction.certainty(tally),
            evidence,
            ruledOut,
            direction.limits(),
            List.of(
                Remedy.judged(
                    "set the pods' MTU to "
                        + tally.largestArrived()
                        + " (the largest packet seen to arrive), or raise the underlay's",
                    "")),
            0));
  }
}
