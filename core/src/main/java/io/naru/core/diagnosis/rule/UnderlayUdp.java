package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.diagnosis.SecurityGroupCommand;
import io.naru.core.path.VxlanPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The tunnel's UDP leaves one node and never reaches the other, while other traffic does. */
final class UnderlayUdp implements Rule {
  private static final String PORT = "underlay-port-blocked";
  private static final String ALL_UDP = "underlay-all-udp-blocked";
  private static final String EATEN = "underlay-vxlan-eaten";

  @Override
  public Set<String> faults() {
    return Set.of(PORT, ALL_UDP, EATEN);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    if (!path.isVxlan() || !path.isLostBetween() || path.word().smallPass()) {
      return Optional.empty();
    }
    Optional<Boolean> otherUdp = path.toReceiver().flatMap(peer -> peer.otherUdp());
    boolean allUdp = otherUdp.equals(Optional.of(false)) && path.isChannelOpen();
    String from = path.word().from();
    String to = path.word().to();
    Optional<PeerEvidence> receiver = path.toReceiver();
    boolean byContent =
        otherUdp.equals(Optional.of(true))
            && receiver.flatMap(PeerEvidence::vxlanElsewhere).equals(Optional.of(false));
    String fault = byContent ? EATEN : allUdp ? ALL_UDP : PORT;
    List<String> ruledOut = new ArrayList<>();
    if (path.isChannelOpen()) {
      ruledOut.add("the nodes' link: TCP between the agents passes");
    }
    if (otherUdp.equals(Optional.of(true))) {
      ruledOut.add("UDP as such: a packet to another port arrived");
    }
    ruledOut.add(from + "'s own firewall and routes: the packets leave its nic");
    ruledOut.add(to + "'s own firewall: the packets do not reach its nic");
    return Optional.of(
        new Finding(
            fault,
            fault,
            byContent
                ? "VXLAN from " + from + " does not reach " + to + " on any port; other UDP does"
                : allUdp
                    ? "no UDP from " + from + " reaches " + to + "; TCP does"
                    : "UDP " + path.vxlanPort() + " from " + from + " does not reach " + to,
            path.isChannelOpen() ? Certainty.OBSERVED : Certainty.INFERRED,
            receiver.map(UnderlayUdp::tried).orElse(List.of()),
            ruledOut,
            otherUdp.isEmpty() ? List.of("UDP to another port") : List.of(),
            remedies(path, allUdp, byContent)));
  }

  private static List<String> tried(PeerEvidence peer) {
    List<String> tried = new ArrayList<>();
    peer.otherUdp().ifPresent(passes -> tried.add("UDP to another port: " + word(passes)));
    peer.vxlanElsewhere()
        .ifPresent(passes -> tried.add("a VXLAN frame to that port: " + word(passes)));
    peer.standardPort()
        .ifPresent(passes -> tried.add("UDP " + VxlanPort.STANDARD + ": " + word(passes)));
    return tried;
  }

  private static String word(boolean passes) {
    return passes ? "refused by the receiver, so it arrived" : "no answer";
  }

  private static List<Remedy> remedies(PathCase path, boolean allUdp, boolean byContent) {
    List<Remedy> remedies = new ArrayList<>();
    boolean standard =
        path.toReceiver().flatMap(PeerEvidence::standardPort).equals(Optional.of(true));
    remedies.add(
        Remedy.judged(
            "open UDP "
                + path.vxlanPort()
                + " from "
                + path.word().from()
                + " ("
                + path.senderAddress()
                + ") to "
                + path.word().to()
                + " in the security group or firewall between them",
            authorize(path, "udp", path.vxlanPort())));
    if (path.toReceiver().filter(peer -> peer.sameSubnet()).isPresent()) {
      remedies.add(
          Remedy.judged(
              "or route directly: the nodes share a subnet; set transport: auto in the network's"
                  + " file",
              ""));
    } else if (!allUdp && !byContent) {
      remedies.add(
          Remedy.judged(
              standard && path.vxlanPort() != VxlanPort.STANDARD
                  ? "or use the port that passes: set vxlanPort: " + VxlanPort.STANDARD
                  : "or use a port that passes: set vxlanPort",
              ""));
    }
    return remedies;
  }

  /** The line for EC2 that opens one port and nothing else. */
  static String authorize(PathCase path, String protocol, int port) {
    return SecurityGroupCommand.letIn(path.word().to(), protocol, port, path.senderAddress());
  }
}
