package io.naru.core.diagnosis.judge;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.CountedDrop;
import io.naru.core.diagnosis.DropReason;
import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.OtherFilters.AttachedProgram;
import io.naru.core.diagnosis.RuleDrop;
import io.naru.core.diagnosis.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the kernel shows beside the nftables: counted rules, programs, its own drop reasons. */
class KernelEvidenceTest extends TwoNodes {
  @Test
  void aRuleThatATraceDoesNotShowIsNamedByItsCounter() {
    tunnelIsLostInsideTheReceiver();
    two.filters =
        new OtherFilters(
            List.of("iptables-legacy filter"),
            List.of(
                new CountedDrop(
                    new RuleDrop(
                        "iptables-legacy filter INPUT",
                        "in",
                        "-p udp -m udp --dport 8472 -j DROP",
                        Optional.empty(),
                        "",
                        ""),
                    31)),
            List.of(),
            List.of());
    assertThat(only().fault()).isEqualTo("host-input-drop");
    assertThat(only().evidence()).anyMatch(line -> line.contains("rose by 31"));
    assertThat(only().remedy().getFirst().command())
        .isEqualTo("iptables-legacy -D INPUT -p udp -m udp --dport 8472 -j DROP");
    two.filters =
        new OtherFilters(
            List.of(),
            List.of(),
            List.of(new AttachedProgram("eth0", "XDP program", "guard")),
            List.of());
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only().notChecked()).anyMatch(line -> line.contains("XDP program guard"));
  }

  @Test
  void aFullTableOfConnectionsIsTheCauseOnlyWhereThePacketsAreLost() {
    tunnelIsLostInsideTheReceiver();
    one.counters = Map.of("conntrack.drop", 3L);
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    two.counters = Map.of("conntrack.drop", 3L, "conntrack.insert_failed", 3L);
    assertThat(only().fault()).as("clashes of connections").isEqualTo(Verdict.UNEXPLAINED);
    two.counters = Map.of("conntrack.drop", 3L);
    assertThat(only().fault()).isEqualTo("conntrack-full");
    assertThat(only().title()).startsWith("node2 drops new connections");
  }

  @Test
  void whatAnXdpProgramMayDropBeforeAnyTapIsNotLaidOnTheUnderlayAlone() {
    tunnelIsLostBetween("open", true);
    two.filters =
        new OtherFilters(
            List.of(),
            List.of(),
            List.of(
                new AttachedProgram("eth0", "XDP program", "guard"),
                new AttachedProgram("eth0", "tc ingress filter", "bpf late")),
            List.of());
    assertThat(only().fault()).isEqualTo("underlay-port-blocked");
    assertThat(only().notChecked())
        .contains("whether XDP program guard on node2's eth0 drops them")
        .noneMatch(line -> line.contains("late"));
  }

  @Test
  void theKernelsOwnReasonIsAmongTheEvidence() {
    tunnelIsLostInsideTheReceiver();
    one.reasons.add(new DropReason("NEIGH_FAILED", 8472, 9, Certainty.OBSERVED));
    two.reasons.add(new DropReason("NO_SOCKET", 8473, 99, Certainty.OBSERVED));
    two.reasons.add(new DropReason("VXLAN_INVALID_HDR", 8472, 31, Certainty.OBSERVED));
    assertThat(only().fault()).isEqualTo(Verdict.UNEXPLAINED);
    assertThat(only().evidence())
        .contains("node2's kernel threw away 31 packets to UDP 8472: VXLAN_INVALID_HDR")
        .noneMatch(line -> line.contains("NO_SOCKET") || line.contains("NEIGH_FAILED"));
  }

  /** Of the third node's packet. */
  private static RuleDrop drop(String rule) {
    return new RuleDrop(
        "inet filter input", "in", rule, Optional.of("7"), "192.0.2.3", "192.0.2.2");
  }

  @Test
  void aRuleThatDropsAnotherPeersPacketsIsNotThisPathsCause() {
    tunnelIsLostInsideTheReceiver();
    two.peer("node1", "open", true).peer("node3", "open", true);
    two.drops.add(drop("ip saddr 192.0.2.3 drop"));
    assertThat(only().fault()).isNotEqualTo("host-input-drop");
  }

  @Test
  void aRuleThatNamesNobodyIsEveryPathsCause() {
    tunnelIsLostInsideTheReceiver();
    two.peer("node1", "open", true).peer("node3", "open", true);
    two.drops.add(drop("udp dport 8472 drop"));
    assertThat(only().fault()).isEqualTo("host-input-drop");
  }

  @Test
  void aClosedPortOfAnotherProgramIsNoMismatchOfTheTunnels() {
    tunnelIsLostInsideTheReceiver();
    one.errors.add(new IcmpError("192.0.2.2", "port unreachable", "192.0.2.2", 5353));
    assertThat(only().fault()).isNotEqualTo("port-mismatch");
  }
}
