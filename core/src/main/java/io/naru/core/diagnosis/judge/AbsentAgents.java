package io.naru.core.diagnosis.judge;

import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.rule.Rules;
import io.naru.core.path.PathState;
import io.naru.core.probe.ProbePacket;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * Nodes that are there while their agents are not: a verdict each, whatever the number of pairs.
 * Their kernels refuse the probes' port in the pods' network, so packets get there and back, which
 * tells them from hosts that are down and from paths that drop. A firewall that rejects refuses as
 * well: what it stops is left to the rules, where {@link AgentSigns} are seen or a rule is named.
 */
final class AbsentAgents {
  static final String FAULT = "agent-down";
  private static final int MOST_WITNESSES = 4;

  private final Map<String, NodeEvidence> nodes;
  private final AgentSigns signs;

  /** Of each node without an agent, those whose packets its kernel refused. */
  private final Map<String, Set<String>> refused = new TreeMap<>();

  private final Set<String> absent = new TreeSet<>();
  private final Map<String, Set<NodePair>> explained = new TreeMap<>();

  /** Of each, those whose packets its kernel should have refused, and did not. */
  private final Map<String, Set<String>> unproved = new TreeMap<>();

  /**
   * @param nodes all evidence there is
   * @param words the word on each path that is in use
   */
  AbsentAgents(Map<String, NodeEvidence> nodes, Collection<PathWord> words) {
    this.nodes = nodes;
    signs = new AgentSigns(nodes);
    nodes.values().stream()
        .filter(node -> node.agent() == AgentWork.DOWN)
        .forEach(node -> absent.add(node.node()));
    for (NodeEvidence node : nodes.values()) {
      for (PeerEvidence peer : node.peers()) {
        if (peer.probesRefused().equals(Optional.of(true)) && signs.none(peer.name())) {
          absent.add(peer.name());
          refused.computeIfAbsent(peer.name(), name -> new TreeSet<>()).add(node.node());
        }
      }
    }
    for (PathWord word : words) {
      if (word.state() != PathState.HEALTHY && !isFiltered(word)) {
        cause(word)
            .ifPresent(
                name -> explained.computeIfAbsent(name, n -> new TreeSet<>()).add(pair(word)));
      }
    }
  }

  private static NodePair pair(PathWord word) {
    return new NodePair(word.from(), word.to());
  }

  /** Whether a rule of a packet filter was seen to stop it, agent or not. */
  private boolean isFiltered(PathWord word) {
    return Rules.isFiltered(
        new PathCase(
            word,
            Optional.ofNullable(nodes.get(word.from())),
            Optional.ofNullable(nodes.get(word.to()))));
  }

  /** The node whose missing agent is why nobody proves that path. */
  private Optional<String> cause(PathWord word) {
    if (absent.contains(word.from())) {
      // It sends no probes. Whether its packets would pass, the refusals tell.
      return isRefused(word.from(), word.to()) || !hasDrift(word.from(), word.to())
          ? Optional.of(word.from())
          : Optional.empty();
    }
    // A kernel that lacks what its answers need is the cause of their absence.
    return absent.contains(word.to())
            && (isRefused(word.to(), word.from()) || hasDrift(word.to(), word.from()))
        ? Optional.of(word.to())
        : Optional.empty();
  }

  private boolean isRefused(String name, String witness) {
    return refused.getOrDefault(name, Set.of()).contains(witness);
  }

  private boolean hasDrift(String name, String peer) {
    return Optional.ofNullable(nodes.get(name)).stream()
        .flatMap(node -> node.drift().stream())
        .anyMatch(
            drift ->
                drift.peer().equals(Optional.of(peer))
                    || drift.peer().isEmpty() && !drift.isSurplus());
  }

  /** Whether nothing else has to explain that path. */
  boolean explain(PathWord word) {
    return explained.values().stream().anyMatch(pairs -> pairs.contains(pair(word)));
  }

  /**
   * The word with what the missing refusals say: where that node's kernel lacks what its answers
   * need, the way from it is broken, and not only without probes.
   */
  PathWord asItIs(PathWord word) {
    if (!absent.contains(word.from()) || word.state() != PathState.UNKNOWN) {
      return word;
    }
    return new PathWord(
        word.from(),
        word.to(),
        word.transport(),
        word.chosen(),
        PathState.BROKEN,
        missing(word.from(), word.to()),
        word.smallPass(),
        word.lastSeen(),
        word.notSeen());
  }

  private static String missing(String name, String witness) {
    return "no answer of "
        + name
        + "'s kernel in the pods' network comes back to "
        + witness
        + ", as it would where packets pass";
  }

  /**
   * Takes a path that no rule explains, if one end has no agent and nobody saw where it breaks:
   * that nothing is proved there follows from the missing agent.
   */
  boolean adopt(PathWord word) {
    if (!absent.contains(word.to()) || word.notSeen().isPresent()) {
      return false;
    }
    explained.computeIfAbsent(word.to(), name -> new TreeSet<>()).add(pair(word));
    unproved.computeIfAbsent(word.to(), name -> new TreeSet<>()).add(word.from());
    return true;
  }

  /** The evidence that a rule may take for what an agent saw, or a comparison of its kernel. */
  Optional<NodeEvidence> witness(String name, String peer) {
    return Optional.ofNullable(nodes.get(name))
        .filter(node -> node.agent() != AgentWork.DOWN || hasDrift(name, peer));
  }

  /** All pairs with one of these nodes: their channels are closed for that reason. */
  Set<NodePair> pairs() {
    Set<NodePair> pairs = new HashSet<>();
    for (NodeEvidence node : nodes.values()) {
      for (PeerEvidence peer : node.peers()) {
        if (absent.contains(peer.name()) || absent.contains(node.node())) {
          pairs.add(new NodePair(node.node(), peer.name()));
        }
      }
    }
    return pairs;
  }

  /** One for each such node. */
  List<Verdict> verdicts() {
    return absent.stream().filter(this::isTold).map(this::verdict).toList();
  }

  /**
   * Of one that left in the middle of the look, whose paths are well yet, there is nothing to say.
   */
  private boolean isTold(String name) {
    return explained.containsKey(name) || nodes.containsKey(name);
  }

  private Verdict verdict(String name) {
    Set<String> witnesses = refused.getOrDefault(name, Set.of());
    Optional<NodeEvidence> kernel = Optional.ofNullable(nodes.get(name));
    Set<String> silent = unproved.getOrDefault(name, Set.of());
    List<String> doubts = signs.doubts(name, witnesses);
    boolean passes = !witnesses.isEmpty();
    List<String> evidence = new ArrayList<>();
    List<String> ruledOut = new ArrayList<>();
    List<String> notChecked = new ArrayList<>();
    witnesses.stream()
        .limit(MOST_WITNESSES)
        .map(witness -> seen(witness, name))
        .forEach(evidence::add);
    witnesses.stream()
        .flatMap(witness -> word(witness, name))
        .map(PeerEvidence::channelTrouble)
        .filter(trouble -> !trouble.isEmpty())
        .findFirst()
        .ifPresent(evidence::add);
    silent.forEach(witness -> evidence.add(missing(name, witness)));
    kernel.ifPresent(node -> evidence.add("on " + name + " nobody runs as its agent"));
    if (passes && doubts.isEmpty()) {
      ruledOut.add(name + " is down: its kernel answers");
      ruledOut.add("a blocked path: packets in the pods' network get there, and answers come back");
    }
    notChecked.add(
        passes
            ? "packets of full size to and from " + name
            : "whether packets of " + name + "'s pods pass: no other node's agent was asked");
    if (kernel.isEmpty()) {
      notChecked.add(
          "whether a filter rejects what comes to "
              + name
              + " and keeps its agent from sending: that would look the same");
      doubts.stream().limit(MOST_WITNESSES).forEach(notChecked::add);
    }
    silent.forEach(
        witness ->
            notChecked.add(
                "whether packets pass between "
                    + witness
                    + " and "
                    + name
                    + ": either way may be blocked, or the kernel's answers alone"));
    if (kernel.isEmpty()) {
      notChecked.add("whether " + name + "'s kernel still holds what it should");
    } else if (kernel.get().drift().isEmpty()) {
      ruledOut.add(DriftWords.none(kernel.get()));
    }
    return new Verdict(
        Verdict.code(FAULT),
        FAULT,
        PathState.DEGRADED,
        name
            + (doubts.isEmpty() ? "'s agent does not run: " : "'s agent does not seem to run: ")
            + meaning(passes, silent.isEmpty(), doubts.isEmpty()),
        explained.getOrDefault(name, kernel.map(AbsentAgents::all).orElse(Set.of())).stream()
            .sorted()
            .toList(),
        passes ? Optional.of(name + "/" + before(name)) : Optional.empty(),
        passes ? Optional.of(name + "/agent") : Optional.empty(),
        kernel.isPresent() ? Certainty.OBSERVED : Certainty.INFERRED,
        evidence,
        ruledOut,
        notChecked,
        remedies(name, witnesses, kernel.isPresent()));
  }

  private static String meaning(boolean passes, boolean everywhere, boolean certain) {
    if (!passes) {
      return "nothing repairs its kernel or proves its paths";
    }
    if (!certain) {
      return "nothing comes from it, and its kernel or a filter before that refuses the probes";
    }
    return everywhere
        ? "its pods' packets still pass, but nothing repairs or proves that"
        : "its pods' packets pass to some nodes, and nothing repairs or proves the rest";
  }

  private Stream<PeerEvidence> word(String witness, String name) {
    return Stream.ofNullable(nodes.get(witness)).flatMap(node -> node.peer(name).stream());
  }

  private static String seen(String witness, String name) {
    return name
        + "'s kernel refuses "
        + witness
        + "'s packet to UDP "
        + ProbePacket.PORT
        + " in the pods' network, as where nobody listens, and the answer came back";
  }

  /** The last tap before the agent. */
  private String before(String name) {
    return nodes.values().stream()
            .flatMap(node -> node.paths().stream())
            .anyMatch(
                word ->
                    word.chosen() && word.to().equals(name) && word.transport().equals("direct"))
        ? "nic"
        : "vtep";
  }

  private static Set<NodePair> all(NodeEvidence node) {
    Set<NodePair> pairs = new TreeSet<>();
    for (PeerEvidence peer : node.peers()) {
      pairs.add(new NodePair(node.node(), peer.name()));
      pairs.add(new NodePair(peer.name(), node.node()));
    }
    return pairs;
  }

  private List<Remedy> remedies(String name, Set<String> witnesses, boolean compared) {
    List<Remedy> remedies = new ArrayList<>(List.of(DriftWords.start(name)));
    if (!compared) {
      remedies.add(Remedy.judged("see what its kernel lacks meanwhile: on " + name, "naru doctor"));
      witnesses.stream()
          .flatMap(
              witness ->
                  word(witness, name)
                      .map(
                          peer ->
                              Remedy.judged(
                                  "or, from " + witness + ", look at both kernels without agents",
                                  "naru doctor --peer kernel here ssh:root@" + peer.address())))
          .findFirst()
          .ifPresent(remedies::add);
    }
    return remedies;
  }
}
