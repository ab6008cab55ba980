package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Frames that arrive with another network identifier than the receiver's tunnel has. */
final class VniMismatch implements Rule {
  private static final String FAULT = "vni-mismatch";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.isLostAtReceiver() || path.receiver().isEmpty()) {
      return Optional.empty();
    }
    NodeEvidence receiver = path.receiver().get();
    return path.arrivedFrames().stream()
        .filter(frame -> frame.vni() != receiver.vni())
        .findFirst()
        .map(frame -> finding(path, receiver, frame));
  }

  private static Finding finding(PathCase path, NodeEvidence receiver, TunnelFrame frame) {
    String from = path.word().from();
    return new Finding(
        FAULT,
        FAULT + "@" + from,
        from
            + "'s tunnel packets carry VNI "
            + frame.vni()
            + "; "
            + receiver.node()
            + "'s tunnel has "
            + receiver.vni(),
        Certainty.OBSERVED,
        List.of(
            "VXLAN headers from "
                + frame.from()
                + " at "
                + receiver.node()
                + "/nic: VNI "
                + frame.vni()),
        List.of("the underlay and firewalls: the packets arrive at " + receiver.node()),
        List.of(),
        List.of(
            Remedy.judged(
                "give both tunnels the same identifier; on " + from + ", see",
                "ip -d link show naru-vxlan; bridge fdb show dev naru-vxlan")));
  }
}
