package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** A node's interface to the others is down. */
final class UnderlayLinkDown implements Rule {
  private static final String FAULT = "underlay-link-down";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return Stream.concat(path.sender().stream(), path.receiver().stream())
        .filter(node -> !node.underlayUp())
        .findFirst()
        .map(UnderlayLinkDown::finding);
  }

  private static Finding finding(NodeEvidence node) {
    String link = node.node() + "'s " + node.underlay();
    return new Finding(
        FAULT,
        FAULT + "@" + node.node(),
        link + ", its way to the other nodes, is down",
        Certainty.OBSERVED,
        List.of(link + " is not up, or has no carrier"),
        List.of("firewalls: no packet gets as far"),
        List.of(),
        List.of(
            Remedy.judged(
                "on " + node.node() + ", bring it up, or look at its cable or port",
                "ip link set dev " + node.underlay() + " up")));
  }
}
