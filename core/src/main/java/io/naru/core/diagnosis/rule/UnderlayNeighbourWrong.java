package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Packets reach the receiver's interface with another host's MAC address. */
final class UnderlayNeighbourWrong implements Rule {
  private static final String FAULT = "underlay-neighbour-wrong";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    List<TunnelFrame> frames = path.arrivedFrames();
    if (!path.isLostAtReceiver()
        || frames.isEmpty()
        || !frames.stream().allMatch(TunnelFrame::toOtherHost)) {
      return Optional.empty();
    }
    String from = path.word().from();
    String to = path.word().to();
    return Optional.of(
        new Finding(
            FAULT,
            FAULT + "@" + from,
            from + " sends what is for " + to + " to a MAC address that is not " + to + "'s",
            Certainty.OBSERVED,
            List.of("the frames at " + to + "/nic have another host's MAC destination"),
            List.of(to + "'s own firewall: its kernel does not even take the frames"),
            List.of("whether another host has the address " + path.receiverAddress() + " as well"),
            List.of(
                Remedy.judged(
                    "on " + from + ", forget the neighbour entry, and see what is learned instead",
                    "ip neigh del "
                        + path.receiverAddress()
                        + " dev "
                        + path.sender().map(node -> node.underlay()).orElse("eth0")))));
  }
}
