package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.FirewallRemedy;
import io.naru.core.diagnosis.Flow;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Rule;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.probe.ProbePacket;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A rule of a node's own packet filter: one that a trace saw dropping probes, or one of
 * iptables-legacy whose counter rose.
 */
final class RuleDropped implements Rule {
  @Override
  public Set<String> faults() {
    return RuleDrop.FAULTS;
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    Optional<Finding> receiver =
        path.receiver().flatMap(node -> at(node, "in", path, path.senderAddress()));
    Optional<Finding> sender =
        path.sender().flatMap(node -> at(node, "out", path, path.receiverAddress()));
    return path.isLostAtReceiver() ? receiver : path.isLostAtSender() ? sender : Optional.empty();
  }

  private static Optional<Finding> at(NodeEvidence node, String hook, PathCase path, String peer) {
    return node.drops().stream()
        .filter(drop -> drop.hook().equals(hook) || drop.hook().equals("through"))
        .filter(drop -> !isAboutAnother(drop, node, peer))
        .findFirst()
        .map(
            drop ->
                finding(
                    node,
                    drop,
                    peer,
                    "a trace of the probes ended in nft chain "
                        + drop.chain()
                        + " at: "
                        + drop.rule()))
        .or(() -> counted(node, hook, path, peer));
  }

  /** Whether the rule is for a peer that is not this one; one that names none is for all. */
  private static boolean isAboutAnother(RuleDrop drop, NodeEvidence node, String peer) {
    return !names(drop, peer)
        && node.peers().stream()
            .map(PeerEvidence::address)
            .anyMatch(address -> names(drop, address));
  }

  private static boolean names(RuleDrop drop, String address) {
    return List.of(drop.rule().split(" ", -1)).contains(address);
  }

  private static Optional<Finding> counted(
      NodeEvidence node, String hook, PathCase path, String peer) {
    Flow probes =
        new Flow(
            "udp",
            path.senderAddress(),
            path.receiverAddress(),
            List.of(node.vxlanPort(), ProbePacket.PORT));
    return node.filters()
        .dropped(hook, probes)
        .map(counted -> finding(node, counted.rule(), peer, counted.sentence()));
  }

  private static Finding finding(NodeEvidence node, RuleDrop drop, String peer, String seen) {
    String fault = drop.fault();
    return new Finding(
        fault,
        fault + "@" + node.node() + " " + drop.chain() + " " + drop.rule(),
        node.node() + "'s own firewall drops them: " + drop.said(),
        Certainty.OBSERVED,
        List.of(seen),
        List.of("the underlay: the packets are dropped inside " + node.node()),
        List.of(),
        List.of(
            new FirewallRemedy(node.node(), drop).tunnel(node.underlay(), node.vxlanPort(), peer)));
  }
}
