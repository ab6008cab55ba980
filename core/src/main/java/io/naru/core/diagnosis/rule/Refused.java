package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.path.PathState;
import io.naru.core.probe.ProbePacket;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A hop that says no to the tunnel: an ICMP error names it. Or the receiver's own filter that says
 * no to the probes in its kernel's name, while its agent runs.
 */
final class Refused implements Rule {
  private static final String FAULT = "underlay-rejected";
  private static final String OWN_FILTER = "host-input-drop";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT, OWN_FILTER);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return byHop(path).or(() -> byReceiver(path));
  }

  private static Optional<Finding> byHop(PathCase path) {
    if (!path.isVxlan() || !path.isLostBetween()) {
      return Optional.empty();
    }
    return path.sender().stream()
        .flatMap(node -> node.icmpErrors().stream())
        .filter(error -> error.about().equals(path.receiverAddress()))
        .filter(error -> error.port() == path.vxlanPort())
        .filter(error -> error.meaning().contains("prohibited"))
        .findFirst()
        .map(error -> finding(path, error));
  }

  /** Without an agent a kernel refuses them too: then no probe comes from there. */
  private static Optional<Finding> byReceiver(PathCase path) {
    boolean refused =
        path.toReceiver().flatMap(PeerEvidence::probesRefused).equals(Optional.of(true));
    boolean there =
        path.isLostAtReceiver() || path.receiver().isEmpty() && path.word().notSeen().isEmpty();
    if (!refused || path.word().smallPass() || !there || !isAgentThere(path)) {
      return Optional.empty();
    }
    String from = path.word().from();
    String to = path.word().to();
    return Optional.of(
        new Finding(
                OWN_FILTER,
                OWN_FILTER + "@" + to + " rejects",
                to + "'s own firewall rejects the probes (UDP " + ProbePacket.PORT + ")",
                Certainty.INFERRED,
                List.of(
                    to
                        + " refuses "
                        + from
                        + "'s packets to UDP "
                        + ProbePacket.PORT
                        + " in the pods' network, though its agent runs"),
                List.of("the underlay: the packets get to " + to + ", and refusals come back"),
                List.of("which rule of " + to + " rejects them: no trace showed it"),
                List.of(
                    Remedy.judged(
                        "on "
                            + to
                            + ", let UDP "
                            + ProbePacket.PORT
                            + " in from the pods' network; this shows the rules",
                        "nft -a list ruleset")))
            .between(to + (path.isVxlan() ? "/vtep" : "/nic"), to + "/agent"));
  }

  /** Whether the receiver's agent spoke, or its probes come to the sender. */
  private static boolean isAgentThere(PathCase path) {
    return path.receiver()
        .map(node -> node.agent() != AgentWork.DOWN)
        .orElseGet(() -> path.isChannelOpen() || isHeard(path));
  }

  private static boolean isHeard(PathCase path) {
    String sender = path.word().from();
    return path.sender().stream()
        .flatMap(node -> node.paths().stream())
        .filter(word -> word.from().equals(path.word().to()) && word.to().equals(sender))
        .anyMatch(
            word ->
                word.state() == PathState.HEALTHY
                    || word.lastSeen().filter(tap -> tap.startsWith(sender + "/")).isPresent());
  }

  private static Finding finding(PathCase path, IcmpError error) {
    return new Finding(
        FAULT,
        FAULT + " " + error.from(),
        error.from()
            + " refuses the packets from "
            + path.word().from()
            + " to "
            + path.word().to()
            + ": "
            + error.meaning(),
        Certainty.OBSERVED,
        List.of("ICMP from " + error.from() + ": " + error.meaning()),
        List.of("silence of a security group: somebody answers"),
        List.of(),
        List.of(
            Remedy.judged(
                "ask the owner of "
                    + error.from()
                    + " to let UDP "
                    + path.vxlanPort()
                    + " pass to "
                    + path.receiverAddress(),
                "")));
  }
}
