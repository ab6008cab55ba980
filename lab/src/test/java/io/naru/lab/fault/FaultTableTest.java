package io.naru.lab.fault;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import io.naru.lab.topology.Topology;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class FaultTableTest {
  private static final Topology TOPOLOGY =
      Topology.of(new LabSpec("t", 3, 2, true, "auto", "auto", FirewallPolicy.OPEN));

  private static ActiveFault fault(FabricFault fault, String from, String to) {
    return new ActiveFault(fault, new Direction(Optional.of(from), Optional.of(to)));
  }

  @Test
  void aBlockedPortIsMatchedByPortAndByReceiverInItsSubnetAndBeyond() {
    String script =
        FaultTable.script(
            TOPOLOGY, List.of(fault(new UnderlayPortBlocked(), "node1", "node2")), List.of());
    assertThat(script.lines().filter(line -> line.contains(" drop")))
        .containsExactly(
            """
            add rule bridge faults prerouting iifname { "node1" } ether daddr { 02:00:ac:1a:33:0c } \
            ether type { ip, ip6 } udp dport 8472 \
            counter name "underlay-port-blocked.node1.node2" drop""",
            """
            add rule bridge faults prerouting iifname { "node1" } ether daddr != { 02:00:ac:1a:33:0c } \
            ip daddr { 172.26.51.12 } udp dport 8472 \
            counter name "underlay-port-blocked.node1.node2" drop""",
            """
            add rule bridge faults prerouting iifname { "node1" } ether daddr != { 02:00:ac:1a:33:0c } \
            ip6 daddr { fd26:51::12 } udp dport 8472 \
            counter name "underlay-port-blocked.node1.node2" drop""");
  }

  @Test
  void theReturnIsTheOtherDirection() {
    assertThat(
            FaultTable.script(
                TOPOLOGY, List.of(fault(new UnderlayReturnBlocked(), "node1", "node2")), List.of()))
        .contains("iifname { \"node2\" }", "ip daddr { 172.26.50.11 }")
        .contains("underlay-return-blocked.node1.node2");
  }

  @Test
  void withoutNodesEveryPairIsMeant() {
    assertThat(
            FaultTable.script(
                TOPOLOGY,
                List.of(new ActiveFault(new UnderlayLoss(), Direction.everywhere())),
                List.of()))
        .contains("iifname { \"node1\", \"node2\", \"node3\" }")
        .contains("ip daddr { 172.26.50.11, 172.26.51.12, 172.26.50.13 }")
        .contains("numgen random mod 100 < 20 counter name \"underlay-loss.any.any\"");
  }

  @Test
  void healedFaultsLoseTheirCountersAndOthersKeepTheirs() {
    var healed = fault(new MtuHole(), "node1", "node2");
    var stays = fault(new UnderlayNoPath(), "node1", "node2");
    assertThat(FaultTable.script(TOPOLOGY, List.of(stays), List.of(healed)))
        .contains("delete counter bridge faults mtu-hole.node1.node2")
        .doesNotContain("delete counter bridge faults underlay-no-path")
        .doesNotContain("delete table");
  }

  @Test
  void onlyAFaultAboutSizesWantsPacketsAsOnTheWire() {
    assertThat(
            ActiveFault.sendersOfWireSizes(
                TOPOLOGY,
                List.of(
                    fault(new MtuHole(), "node3", "node2"),
                    fault(new UnderlayLoss(), "node1", "node2"))))
        .isEqualTo(Set.of("node3"));
  }

  @Test
  void everyFaultExplainsItselfAndIsFoundByItsId() {
    assertThat(Faults.all()).allMatch(fault -> fault.description().endsWith("."));
    assertThat(Faults.all()).allMatch(fault -> Faults.byId(fault.id()).equals(fault));
    assertThatThrownBy(() -> Faults.byId("rain"))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("no fault is named 'rain'")
        .hasMessageContaining("mtu-hole");
  }

  @Test
  void aNodeHasNoFaultyPathToItself() {
    assertThatThrownBy(() -> fault(new MtuHole(), "node1", "node1"))
        .hasMessageContaining("name two nodes");
  }
}
