package io.naru.core.diagnosis.rule;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.Finding;
import io.naru.core.diagnosis.PathCase;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Rule;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Outer UDP checksums that are wrong when they arrive. */
final class OuterChecksum implements Rule {
  private static final String FAULT = "outer-checksum";

  @Override
  public Set<String> faults() {
    return Set.of(FAULT);
  }

  @Override
  public Optional<Finding> explain(PathCase path) {
    return path.receiver()
        .filter(node -> path.isLostAtReceiver() && node.rose("Udp.InCsumErrors") > 0)
        .map(
            node ->
                new Finding(
                    FAULT,
                    FAULT + "@" + path.word().from(),
                    "the tunnel's packets from "
                        + path.word().from()
                        + " arrive at "
                        + node.node()
                        + " with wrong UDP checksums",
                    Certainty.OBSERVED,
                    List.of(
                        node.node()
                            + " counted "
                            + node.rose("Udp.InCsumErrors")
                            + " wrong UDP checksums (UdpInCsumErrors)"),
                    List.of("a firewall: the packets reach UDP"),
                    List.of("which hop alters them"),
                    List.of(
                        Remedy.judged(
                            "on " + path.word().from() + ", do not leave checksums to the nic",
                            "ethtool -K "
                                + path.sender().map(s -> s.underlay()).orElse("eth0")
                                + " tx-checksum-ip-generic off"))));
  }
}
