package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import io.naru.core.path.VxlanPort;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Nobody listens on the tunnel's port at the receiver. */
final class PortMismatch implements Rule {
  private static final String FAULT = "port-mismatch";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return path.sender().stream()
        .filter(node -> path.isVxlan() && !path.word().smallPass())
        .flatMap(node -> node.icmpErrors().stream())
        .filter(error -> error.meaning().equals("port unreachable"))
        .filter(error -> error.from().equals(path.receiverAddress()))
        // Another port is another program's.
        .filter(error -> error.port() == path.vxlanPort() || VxlanPort.USUAL.contains(error.port()))
        .findFirst()
        .map(
            error ->
                finding(path, error)
                    .between(path.word().to() + "/nic", path.word().to() + "/vtep"));
  }

  private static Finding finding(PathCase path, IcmpError error) {
    String node = path.word().to();
    return new Finding(
        FAULT,
        FAULT + "@" + node,
        "nobody listens on "
            + node
            + "'s UDP port "
            + error.port()
            + ", where the tunnel of "
            + path.word().from()
            + " sends",
        Certainty.OBSERVED,
        List.of(
            node
                + " answers \"port unreachable\" for UDP "
                + error.port()
                + path.receiver()
                    .map(there -> "; it counted " + there.rose("Udp.NoPorts") + " (UdpNoPorts)")
                    .orElse("")),
        List.of("the underlay: the packets arrive at " + node),
        List.of(),
        List.of(
            Remedy.judged(
                "look on " + node + " whether its tunnel device is up, and on which port",
                "ip -d link show naru-vxlan")));
  }
}
