package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nothing at all passes between two nodes: no TCP, no UDP, no tunnel. */
final class UnderlayNoPath implements Rule {
  private static final String FAULT = "underlay-no-path";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    Optional<String> noRoute =
        path.toReceiver().map(PeerEvidence::routeTrouble).filter(why -> !why.isEmpty());
    if (noRoute.isPresent()) {
      return Optional.of(noRoute(path, noRoute.get()));
    }
    boolean otherUdpLost =
        path.toReceiver().flatMap(peer -> peer.otherUdp()).map(passes -> !passes).orElse(false);
    boolean tcpLost = path.toReceiver().filter(peer -> peer.channel().equals("silent")).isPresent();
    boolean everyWordSaysSo = !path.isChannelOpen() && otherUdpLost && tcpLost;
    boolean leaves =
        path.word().lastSeen().isEmpty()
            || path.word().lastSeen().get().equals(path.word().from() + "/nic");
    if (!leaves || !everyWordSaysSo) {
      return Optional.empty();
    }
    // With the agent's port closed as well as the tunnel's it looks the same: a firewall that lets
    // nothing in by default. Then the other direction tells, where somebody saw it.
    return Optional.of(
        new Finding(
            FAULT,
            FAULT,
            "nothing passes from "
                + path.word().from()
                + " to "
                + path.word().to()
                + ": neither the tunnel's UDP "
                + path.vxlanPort()
                + " nor TCP",
            Certainty.INFERRED,
            List.of(
                "UDP "
                    + path.vxlanPort()
                    + ", UDP to another port and TCP "
                    + path.agentPort()
                    + " get no answer from "
                    + path.receiverAddress()),
            List.of(),
            List.of("whether " + path.word().to() + " is up: it answers nothing"),
            List.of(
                Remedy.judged(
                    "open both ports that Naru needs: UDP " + path.vxlanPort() + " (tunnel)",
                    UnderlayUdp.authorize(path, "udp", path.vxlanPort())),
                Remedy.judged(
                    "and TCP " + path.agentPort() + " (agents)",
                    UnderlayUdp.authorize(path, "tcp", path.agentPort())),
                Remedy.judged(
                    "if they are open, look at the route there",
                    "ip route get " + path.receiverAddress()))));
  }

  private static Finding noRoute(PathCase path, String why) {
    String from = path.word().from();
    return new Finding(
        FAULT,
        FAULT + " " + path.pair(),
        from + " has no route to " + path.word().to() + "'s address " + path.receiverAddress(),
        Certainty.OBSERVED,
        List.of(from + "'s kernel: " + why),
        List.of("the network between them: nothing leaves " + from),
        List.of(),
        List.of(
            Remedy.judged(
                "on " + from + ", see which route refuses it, and mend or remove that",
                "ip route get " + path.receiverAddress() + "; ip route show table all")));
  }
}
