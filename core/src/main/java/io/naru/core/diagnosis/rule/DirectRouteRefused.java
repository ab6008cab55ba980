package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** An underlay that does not carry packets with pods' addresses, while the nodes' own pass. */
final class DirectRouteRefused implements Rule {
  private static final String FAULT = "direct-route-refused";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    boolean others =
        path.isChannelOpen() || path.toReceiver().flatMap(peer -> peer.otherUdp()).orElse(false);
    boolean some = path.word().smallPass() || path.state() == PathState.DEGRADED;
    if (path.isVxlan() || !path.isLostBetween() || !others || some) {
      return Optional.empty();
    }
    return Optional.of(
        new Finding(
            FAULT,
            FAULT,
            "the underlay does not carry packets with pod addresses from "
                + path.word().from()
                + " to "
                + path.word().to(),
            Certainty.INFERRED,
            List.of(
                "packets with pod addresses leave "
                    + path.word().from()
                    + " bare and do not arrive; the nodes' own packets do"),
            List.of("the nodes' underlay as a whole: their own traffic passes"),
            List.of("whether a route is missing there, or a check of sources drops them"),
            List.of(
                Remedy.judged(
                    "switch the source/destination check off for the instances, or add routes"
                        + " for the pod CIDRs to the cloud's route table",
                    "aws ec2 modify-instance-attribute --no-source-dest-check --instance-id"
                        + " <instance of "
                        + path.word().from()
                        + ">"),
                Remedy.judged(
                    "or use the tunnel: set transport: vxlan in the network's file", ""))));
  }
}
