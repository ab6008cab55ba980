package io.naru.core.diagnosis;

import io.naru.core.probe.ProbePacket;
import java.util.List;

/**
 * Packets that a kernel threw away for one reason while somebody looked.
 *
 * @param name the running kernel's name for it, like {@code NETFILTER_DROP}
 * @param port UDP port that they were for: the tunnel's, or one that only probes use
 * @param certainty whether each of them was seen, or others may be among them
 */
public record DropReason(String name, int port, long packets, Certainty certainty) {
  /** Probes to a closed port have no socket: that says nothing. */
  boolean isTelling() {
    return !name.equals("NO_SOCKET") && !name.equals("NOT_SPECIFIED");
  }

  String sentence() {
    return "threw away "
        + packets
        + (packets == 1 ? " packet" : " packets")
        + " to UDP "
        + port
        + ": "
        + name
        + (certainty == Certainty.OBSERVED ? "" : " (others may be among them)");
  }

  /** The reasons for pods' trials, whose port no other packets have. */
  public static List<String> ofTrials(NodeEvidence node) {
    return node.reasons(
        node.dropReasons().stream()
            .map(DropReason::port)
            .filter(port -> port != node.vxlanPort() && port != ProbePacket.PORT)
            .distinct()
            .toList());
  }
}
