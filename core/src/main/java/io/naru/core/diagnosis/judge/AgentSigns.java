package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Signs that a node's agent runs, of which no word came. A firewall that rejects makes the same
 * refusals as a kernel without an agent (nftables and iptables answer "port unreachable" in the
 * destination's name), but probes come only from an agent.
 *
 * @param nodes all evidence there is
 */
record AgentSigns(Map<String, NodeEvidence> nodes) {
  /** Whether nothing of that node's agent came: no evidence, no open channel, and no probes. */
  boolean none(String name) {
    NodeEvidence own = nodes.get(name);
    if (own != null) {
      return own.agent() == AgentWork.DOWN && !isTalking(name);
    }
    return !isTalking(name) && nodes.values().stream().noneMatch(node -> hasProbes(node, name));
  }

  private boolean isTalking(String name) {
    return nodes.values().stream()
        .flatMap(node -> node.peer(name).stream())
        .anyMatch(peer -> peer.channel().equals("open"));
  }

  /** Whether probes of that node came as far as a tap of this one. */
  private static boolean hasProbes(NodeEvidence witness, String name) {
    return witness.peer(name).stream()
            .map(PeerEvidence::address)
            .anyMatch(address -> witness.frames().stream().anyMatch(f -> f.from().equals(address)))
        || witness.paths().stream()
            .filter(word -> word.from().equals(name) && word.to().equals(witness.node()))
            .anyMatch(word -> word.state() == PathState.HEALTHY || isSeenAt(witness, word));
  }

  private static boolean isSeenAt(NodeEvidence witness, PathWord word) {
    return word.lastSeen().filter(tap -> tap.startsWith(witness.node() + "/")).isPresent();
  }

  /**
   * Why what refuses may be a filter and not that node's kernel for want of an agent, a sentence
   * each.
   *
   * @param witnesses who heard the refusals
   */
  List<String> doubts(String name, Set<String> witnesses) {
    NodeEvidence own = nodes.get(name);
    if (own != null && own.agent() == AgentWork.DOWN) {
      return List.of();
    }
    List<String> doubts = new ArrayList<>();
    for (String witness : witnesses) {
      NodeEvidence node = nodes.get(witness);
      if (node != null) {
        node.peer(name).ifPresent(peer -> doubt(node, peer, doubts));
      }
    }
    return List.copyOf(doubts);
  }

  private static void doubt(NodeEvidence witness, PeerEvidence peer, List<String> doubts) {
    String tcp = "TCP " + witness.agentPort() + " from " + witness.node() + " to " + peer.name();
    if (peer.channel().equals("silent")) {
      doubts.add(tcp + " gets no answer, which a kernel without an agent would give");
    }
    boolean rejected =
        witness.icmpErrors().stream()
            .anyMatch(
                error ->
                    error.about().equals(peer.address())
                        && error.port() == witness.agentPort()
                        && (error.meaning().equals("port unreachable")
                            || error.meaning().contains("prohibited")));
    if (rejected) {
      doubts.add(
          tcp + " is refused by ICMP, as a rule that rejects does; a kernel itself resets TCP");
    }
    boolean tunnelled =
        witness.paths().stream()
            .filter(PathWord::chosen)
            .filter(word -> word.to().equals(peer.name()))
            .anyMatch(word -> word.transport().equals("vxlan"));
    if (!tunnelled) {
      doubts.add(
          "packets from "
              + witness.node()
              + " to "
              + peer.name()
              + " take no tunnel: a filter between them can refuse in its name");
    }
  }
}
