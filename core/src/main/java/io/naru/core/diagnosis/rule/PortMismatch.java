package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;

/** Nobody listens on the tunnel's port at the receiver. */
final class PortMismatch implements Rule {
  @Override
  public Optional<Finding> explain(PathCase path) {
    return path.receiver()
        .filter(node -> path.isVxlan() && path.isLostAtReceiver() && node.rose("Udp.NoPorts") > 0)
        .map(
            node ->
                new Finding(
                    "port-mismatch",
                    "port-mismatch@" + node.node(),
                    "nobody listens on "
                        + node.node()
                        + "'s UDP port for the tunnel of "
                        + path.word().from(),
                    Certainty.OBSERVED,
                    List.of(
                        node.node()
                            + " counted "
                            + node.rose("Udp.NoPorts")
                            + " packets for UDP ports without a listener (UdpNoPorts)"),
                    List.of("the underlay: the packets arrive at " + node.node()),
                    List.of(),
                    List.of(
                        Remedy.judged(
                            "look whether its tunnel device is up, and on which port",
                            "ip -d link show naru-vxlan"))));
  }
}
