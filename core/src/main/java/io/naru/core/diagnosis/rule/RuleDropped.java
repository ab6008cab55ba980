package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.RuleDrop;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** A rule of a node's own packet filter, which a trace saw dropping probes. */
final class RuleDropped implements Rule {
  @Override
  public Set<String> faults() {
    return RuleDrop.FAULTS;
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    Optional<Finding> receiver = path.receiver().flatMap(node -> at(node, "in"));
    Optional<Finding> sender = path.sender().flatMap(node -> at(node, "out"));
    return path.isLostAtReceiver() ? receiver : path.isLostAtSender() ? sender : Optional.empty();
  }

  private static Optional<Finding> at(NodeEvidence node, String hook) {
    return node.drops().stream()
        .filter(drop -> drop.hook().equals(hook) || drop.hook().equals("through"))
        .findFirst()
        .map(drop -> finding(node, drop));
  }

  private static Finding finding(NodeEvidence node, RuleDrop drop) {
    String fault = drop.fault();
    return new Finding(
        fault,
        fault + "@" + node.node() + " " + drop.chain() + " " + drop.rule(),
        node.node() + "'s own firewall drops them: " + drop.chain() + ": " + drop.rule(),
        Certainty.OBSERVED,
        List.of("a trace of the probes ended in nft chain " + drop.chain() + " at: " + drop.rule()),
        List.of("the underlay: the packets are dropped inside " + node.node()),
        List.of(),
        List.of(remedy(node, drop)));
  }

  private static Remedy remedy(NodeEvidence node, RuleDrop drop) {
    String port = "udp dport " + node.vxlanPort() + " accept";
    return drop.handle()
        .map(
            handle ->
                Remedy.judged(
                    "on " + node.node() + ", remove the rule if nobody needs it",
                    "nft delete rule " + drop.chain() + " handle " + handle))
        .orElseGet(
            () ->
                Remedy.judged(
                    "on " + node.node() + ", let the tunnel in before that",
                    "nft insert rule " + drop.chain() + " " + port));
  }
}
