package io.naru.core.diagnosis;

import io.naru.core.address.IpFamily;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.desired.NodeView;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import io.naru.core.path.PathState;
import io.naru.core.path.VxlanPort;
import java.util.List;
import java.util.Optional;

/**
 * One path in trouble, with everything that was observed about it.
 *
 * @param word what is known of where it breaks: the word of the end that knows more
 * @param sender evidence of the sending node, if its agent could be asked
 * @param receiver evidence of the receiving node
 */
public record PathCase(
    PathWord word, Optional<NodeEvidence> sender, Optional<NodeEvidence> receiver) {
  /** The trains that were sent along it. */
  public Trains trains() {
    return new Trains(
        sender
            .flatMap(from -> receiver.map(to -> Train.of(from, to, word.transport())))
            .orElse(List.of()));
  }

  public NodePair pair() {
    return new NodePair(word.from(), word.to());
  }

  public PathState state() {
    return word.state();
  }

  public boolean isVxlan() {
    return word.transport().equals("vxlan");
  }

  /** Whether the probes were last seen leaving the sender, so that what lies between loses them. */
  public boolean isLostBetween() {
    return word.lastSeen().equals(Optional.of(word.from() + "/nic"))
        && word.notSeen().equals(Optional.of(word.to() + "/nic"));
  }

  /** Whether the probes do not leave the sender's kernel. */
  public boolean isLostAtSender() {
    return word.notSeen().filter(tap -> tap.startsWith(word.from() + "/")).isPresent();
  }

  /** Whether the probes reach the receiver's interface and get no further. */
  public boolean isLostAtReceiver() {
    return word.lastSeen().filter(tap -> tap.startsWith(word.to() + "/")).isPresent();
  }

  /** What the sender tried on the receiver. */
  public Optional<PeerEvidence> toReceiver() {
    return sender.flatMap(evidence -> evidence.peer(word.to()));
  }

  /** Whether TCP between the agents works, in either direction. */
  public boolean isChannelOpen() {
    return toReceiver().filter(peer -> peer.channel().equals("open")).isPresent()
        || receiver
            .flatMap(evidence -> evidence.peer(word.from()))
            .filter(peer -> peer.channel().equals("open"))
            .isPresent();
  }

  /** The tunnel's frames of the sender that came in at the receiver. */
  public List<TunnelFrame> arrivedFrames() {
    return receiver.stream()
        .flatMap(node -> node.frames().stream())
        .filter(frame -> frame.from().equals(senderAddress()))
        .toList();
  }

  /** The tunnel's port as either end knows it. */
  public int vxlanPort() {
    return sender.or(() -> receiver).map(NodeEvidence::vxlanPort).orElse(VxlanPort.LINUX);
  }

  /** The TCP port of the agents' channel as either end knows it. */
  public int agentPort() {
    return sender
        .or(() -> receiver)
        .map(NodeEvidence::agentPort)
        .orElse(NetworkConfiguration.AGENT_PORT);
  }

  /** The receiver's underlay address, or its name where nobody knows it. */
  public String receiverAddress() {
    return toReceiver()
        .map(PeerEvidence::address)
        .or(() -> receiver.flatMap(node -> node.addresses().stream().findFirst()))
        .orElse(word.to());
  }

  /** The sender's underlay address, or its name where nobody knows it. */
  public String senderAddress() {
    return receiver
        .flatMap(evidence -> evidence.peer(word.from()))
        .map(PeerEvidence::address)
        .or(() -> sender.flatMap(node -> node.addresses().stream().findFirst()))
        .orElse(word.from());
  }

  /** What the transport adds to a pod's packet, in bytes. */
  public int overhead() {
    // An address of IPv6 has a colon; what is no address is a name, and IPv4 the likelier one.
    IpFamily outer = receiverAddress().contains(":") ? IpFamily.IPV6 : IpFamily.IPV4;
    return isVxlan() ? NodeView.tunnelOverhead(outer) : 0;
  }

  /** The place, as a sentence for the evidence. */
  public List<String> place() {
    if (word.lastSeen().isEmpty() && word.notSeen().isEmpty()) {
      return List.of(word.reason());
    }
    return List.of(
        "probes were seen at "
            + word.lastSeen().orElse("no tap")
            + word.notSeen().map(tap -> " and not at " + tap).orElse(""));
  }
}
