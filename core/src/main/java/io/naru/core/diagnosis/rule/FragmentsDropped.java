package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The sender cuts the tunnel's large packets into fragments, and those do not all arrive. */
final class FragmentsDropped implements Rule {
  private static final String FAULT = "fragments-dropped";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    Optional<NodeEvidence> sender = path.sender().filter(node -> node.fragmentsMade() > 0);
    if (path.state() != PathState.DEGRADED || !path.word().smallPass() || sender.isEmpty()) {
      return Optional.empty();
    }
    String from = path.word().from();
    return Optional.of(
        new Finding(
            FAULT,
            FAULT + "@" + from,
            from
                + " cuts large tunnel packets into fragments, and "
                + path.word().to()
                + " does not get them whole",
            Certainty.OBSERVED,
            List.of(
                from + " made " + sender.get().fragmentsMade() + " fragments (IpFragCreates)",
                path.receiver()
                    .map(
                        node ->
                            node.node()
                                + " got "
                                + node.fragmentsReceived()
                                + " and put "
                                + node.packetsReassembled()
                                + " packets together")
                    .orElse("the receiver could not be asked")),
            List.of("a closed port: small packets pass on it"),
            List.of(),
            List.of(
                Remedy.judged(
                    "let the pods' packets be smaller: set mtu in the network's file, 50 less than"
                        + " what "
                        + from
                        + "'s way to the others carries (70 over IPv6)",
                    "ip route get " + path.receiverAddress()))));
  }
}
