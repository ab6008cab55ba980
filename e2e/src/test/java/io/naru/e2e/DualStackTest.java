package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/** Three nodes in two subnets with both families: node1 and node3 share a subnet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DualStackTest {
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  /** A connection to the store whose own address went is given up after 30 s of silence. */
  private static final Duration UNTIL_THE_STORE_KNOWS = Duration.ofSeconds(50);

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2", "--ipv6", "--transport", "auto");
    for (String node : NODES) {
      lab.pod(pod(node), node);
      lab.output(pod(node), Exchange.server());
    }
    lab.output("world", Traffic.server(true));
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  private static String pod(String node) {
    return node.replace("node", "p");
  }

  @Test
  @Order(1)
  void theListsShowBothFamilies() {
    for (String list : List.of("node", "pod")) {
      for (JsonNode row : lab.ask(list, "list")) {
        assertThat(row.path("addresses")).as("%s", row).hasSize(2);
      }
    }
    for (JsonNode report : lab.ask("status")) {
      assertThat(report.path("underlay").path("addresses")).hasSize(2);
      assertThat(report.path("podCidrs")).hasSize(2);
      assertThat(report.path("podMtu").asInt()).isEqualTo(1450);
    }
  }

  @Test
  @Order(2)
  void allPairsExchangeEverySizeInBothFamilies() {
    everyPairExchanges(lab);
    assertThat(lab.output("node1", "ip -6 route get " + lab.addresses("p3").getLast()))
        .contains("via fd26:50::13 dev eth0");
  }

  static void everyPairExchanges(TestLab lab) {
    for (String from : NODES) {
      List<String> others = new ArrayList<>();
      NODES.stream()
          .filter(to -> !to.equals(from))
          .forEach(to -> others.addAll(lab.addresses(pod(to))));
      assertThat(lab.output(pod(from), Exchange.with(others)).lines())
          .as("from the pod on %s", from)
          .containsExactlyElementsOf(
              others.stream().map(address -> address + " sent back everything").toList());
    }
  }

  @Test
  @Order(3)
  void theWorldSeesTheNodesIpv6Address() {
    assertThat(lab.output("p1", Traffic.send("2001:db8:100::10")).lines())
        .containsExactly("[fd26:0050:0000:0000:0000:0000:0000:0011]", "" + Traffic.MEBIBYTE);
  }

  @Test
  @Order(4)
  void aDirectPathThatIsBrokenForOneFamilyIsNotHealthy() {
    lab.output(
        "fabric",
        """
        nft -f - <<'END'
        table bridge e2e {
          chain seen {
            type filter hook prerouting priority -400
            iifname "node1" ip6 saddr fd44::/48 ip6 daddr fd44::/48 drop
          }
        }
        END
        """);
    try {
      TestLab.within(TestLab.LONGEST)
          .untilAsserted(
              () ->
                  assertThat(PathSight.where(lab.paths(), row -> !row.state().equals("healthy")))
                      .singleElement()
                      .satisfies(
                          row -> {
                            assertThat(row.direction()).isEqualTo("node1>node3");
                            assertThat(row.transport()).isEqualTo("direct");
                            assertThat(row.state()).isEqualTo("broken");
                            assertThat(row.lastSeen()).isEqualTo("node1/nic");
                            assertThat(row.reason()).contains("IPv6").contains("IPv4 is healthy");
                          }));
    } finally {
      lab.output("fabric", "nft delete table bridge e2e");
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @Test
  @Order(5)
  void theTunnelAndRunningPodsFollowTheUnderlaysMtu() {
    for (int mtu : List.of(1400, 1500)) {
      lab.output(
          "fabric",
          "for i in sub0 sub1 node1 node2 node3; do ip link set $i mtu %d; done".formatted(mtu));
      for (String node : NODES) {
        lab.output(node, "ip link set eth0 mtu " + mtu);
      }
      String wanted = "mtu " + (mtu - 50) + " ";
      TestLab.within(TestLab.LONGEST)
          .untilAsserted(
              () -> {
                assertThat(lab.output("node1", "ip -o link | grep naru").lines())
                    .hasSize(2)
                    .allMatch(link -> link.contains(wanted));
                assertThat(lab.output("p1", "ip link show eth0")).contains(wanted);
              });
      assertThat(lab.output("p1", Exchange.with(lab.addresses("p2")))).contains("everything");
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @Test
  @Order(6)
  void nodesWithoutACommonFamilySayWhyTheyCannotReachEachOther() {
    lab.output("node2", "ip -4 addr flush dev eth0");
    lab.output("node3", "ip -6 addr flush dev eth0 scope global");
    try {
      TestLab.within(UNTIL_THE_STORE_KNOWS)
          .untilAsserted(
              () ->
                  assertThat(reached())
                      .containsEntry(
                          "node2",
                          "none: node2 has no IPv4 address for the tunnel; give"
                              + " it one, or set tunnelFamily to ipv6")
                      .containsEntry("node3", "vxlan: direct routes cannot carry IPv6 pods"));
      assertThat(PathSight.where(lab.paths(), row -> row.direction().equals("node3>node2")))
          .singleElement()
          .satisfies(
              row -> {
                assertThat(row.state()).isEqualTo("broken");
                assertThat(row.reason()).contains("node2 has only IPv6").contains("only IPv4");
              });
      assertThat(lab.pings("p1", lab.addresses("p3").getLast())).as("IPv6 over IPv4").isTrue();
    } finally {
      lab.output(
          "node2",
          "ip addr add 172.26.51.12/24 dev eth0; ip route replace default via 172.26.51.1");
      lab.output(
          "node3",
          "ip addr add fd26:50::13/64 dev eth0 nodad; ip -6 route replace default via fd26:50::1");
    }
    lab.awaitAllHealthy(UNTIL_THE_STORE_KNOWS);
    assertThat(lab.pings("p1", lab.address("p2"))).isTrue();
  }

  /** How node1 reaches the others, and why. */
  private Map<String, String> reached() {
    Map<String, String> reached = new HashMap<>();
    for (JsonNode row : lab.ask("node", "list")) {
      reached.put(
          row.path("name").asString(),
          row.path("transport").asString() + ": " + row.path("reason").asString());
    }
    return reached;
  }
}
