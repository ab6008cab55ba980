package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.path.PathState;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Pods' packets without a tunnel leave, and none arrives. */
final class DirectRefused implements DirectionRule {
  @Override
  public Optional<Symptom> symptom(Direction direction) {
    Tally pods = direction.there().of(TrafficKind.POD);
    if (pods.missing() == 0 || pods.arrived() > 0) {
      return Optional.empty();
    }
    List<String> evidence = new ArrayList<>();
    evidence.add(direction.counts(pods, "packets of pods, without tunnel,"));
    evidence.addAll(direction.otherTraffic());
    evidence.addAll(direction.flows());
    return Optional.of(
        new Symptom(
            "direct-route-refused",
            PathState.BROKEN,
            "Directly routed packets of pods from "
                + direction.there().from()
                + " to "
                + direction.there().to()
                + " are dropped on the way",
            direction.pair(),
            direction.senderNic(),
            direction.receiverNic(),
            direction.certainty(pods),
            evidence,
            List.of(
                direction.there().from()
                    + " does not send: "
                    + pods.sent()
                    + " frames seen leaving"),
            direction.limits(),
            List.of(
                Remedy.judged(
                    "let the underlay forward packets of pod addresses: on AWS switch the"
                        + " source/destination check of both nodes off, elsewhere add routes to"
                        + " the pod CIDRs",
                    "aws ec2 modify-instance-attribute --instance-id INSTANCE"
                        + " --no-source-dest-check"),
                Remedy.judged("or use VXLAN between these nodes", "")),
            0));
  }
}
