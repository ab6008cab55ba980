package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The agents' own channel: where it is closed, Naru sees less, and says so. */
final class Channels {
  static final String FAULT = "agent-port-blocked";

  /** Faults that let nothing pass, so that they explain a closed channel as well. */
  private static final Set<String> NOTHING_PASSES =
      Set.of("underlay-no-path", "underlay-link-down", "underlay-neighbour-wrong");

  /** Rules that drop all packets of a host do, and those that are about a port do not. */
  private static final Set<String> RULES = Set.of("host-input-drop", "host-output-drop");

  private Channels() {}

  /** Whether TCP between the agents cannot pass either. */
  static boolean closesChannel(Finding finding) {
    return NOTHING_PASSES.contains(finding.fault())
        || RULES.contains(finding.fault()) && !finding.cause().contains("port");
  }

  /**
   * One verdict for all pairs whose TCP is dropped; empty where all channels are open.
   *
   * @param dead pairs of which another verdict says that nothing passes, TCP included
   */
  static List<Verdict> verdicts(Map<String, NodeEvidence> nodes, Set<NodePair> dead) {
    List<NodePair> pairs = new ArrayList<>();
    List<String> evidence = new ArrayList<>();
    List<Remedy> remedies = new ArrayList<>();
    int port = 0;
    for (NodeEvidence node : nodes.values()) {
      for (PeerEvidence peer : node.peers()) {
        // A channel has two ends: where the other one says it is open, this one is only late.
        boolean open =
            Optional.ofNullable(nodes.get(peer.name()))
                .flatMap(other -> other.peer(node.node()))
                .filter(back -> back.channel().equals("open"))
                .isPresent();
        NodePair pair = new NodePair(node.node(), peer.name());
        if (peer.channel().equals("silent")
            && !open
            && !dead.contains(pair)
            && !dead.contains(pair.reversed())) {
          port = node.agentPort();
          pairs.add(pair);
          if (!peer.channelTrouble().isEmpty()) {
            evidence.add(node.node() + ": " + peer.channelTrouble());
          }
          remedies.add(
              Remedy.judged(
                  "let the agents talk: open TCP " + port + " to " + peer.name(),
                  "aws ec2 authorize-security-group-ingress --group-id <group of "
                      + peer.name()
                      + "> --protocol tcp --port "
                      + port
                      + " --source-group <group of "
                      + node.node()
                      + ">"));
        }
      }
    }
    return pairs.isEmpty()
        ? List.of()
        : List.of(
            new Verdict(
                Verdict.code(FAULT),
                FAULT,
                PathState.DEGRADED,
                "TCP "
                    + port
                    + ", the agents' channel, gets no answer from "
                    + pairs.getFirst()
                    + (pairs.size() > 1 ? " (and " + (pairs.size() - 1) + " more pairs)" : ""),
                pairs,
                Optional.empty(),
                Optional.empty(),
                Certainty.OBSERVED,
                evidence,
                List.of(),
                List.of("whether the pods' TCP passes: only the agents' port was tried"),
                remedies));
  }
}
