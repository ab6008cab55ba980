package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A hop that marks congestion on packets whose ends do not speak ECN: RFC 6040, section 4.2, has
 * the tunnel's end drop those.
 */
final class OuterEcnMarked implements Rule {
  private static final String FAULT = "outer-ecn-marked";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return path.receiver()
        .filter(node -> path.isLostAtReceiver() && node.rose("vtep.receiveFrameErrors") > 0)
        .map(
            node ->
                new Finding(
                    FAULT,
                    FAULT,
                    "a hop before "
                        + node.node()
                        + " marks the tunnel's packets \"congestion"
                        + " experienced\", and their tunnel drops those",
                    path.arrivedFrames().stream().anyMatch(frame -> frame.congestion())
                        ? Certainty.OBSERVED
                        : Certainty.INFERRED,
                    List.of(
                        "the tunnel device of "
                            + node.node()
                            + " counted "
                            + node.rose("vtep.receiveFrameErrors")
                            + " frame errors (rx_frame_errors): outer CE, or reserved bits"),
                    List.of("a firewall: the packets reach the tunnel device"),
                    List.of(),
                    List.of(
                        Remedy.judged(
                            "stop setting CE on packets that are Not-ECT, on the way to "
                                + path.receiverAddress(),
                            ""))));
  }
}
