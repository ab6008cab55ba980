package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Three nodes in two subnets, all paths by VXLAN: traffic, then every fault. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class VxlanClusterTest {
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final Map<String, String> UNDERLAY =
      Map.of("node1", "172.26.50.11", "node2", "172.26.51.12", "node3", "172.26.50.13");

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2");
    for (String node : NODES) {
      lab.pod(pod(node), node);
      lab.output(pod(node), Traffic.server(false));
    }
    lab.output("world", Traffic.server(false));
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
  void everyPodReachesEveryOtherAndIsSeenUnderItsOwnAddress() {
    Map<String, Long> before = sent();
    for (String from : NODES) {
      for (String to : NODES) {
        if (!from.equals(to)) {
          String address = lab.address(pod(to));
          String seen =
              lab.output(
                  pod(from),
                  "%s >/dev/null && %s".formatted(Traffic.ping(address), Traffic.send(address)));
          assertThat(seen.lines())
              .as("what the pod on %s saw of the one on %s", to, from)
              .containsExactly(lab.address(pod(from)), "" + Traffic.MEBIBYTE);
        }
      }
    }
    Map<String, Long> after = sent();
    assertThat(after).hasSize(6);
    after.forEach(
        (direction, packets) ->
            assertThat(packets).as(direction).isGreaterThan(before.get(direction) + 3));
  }

  @Test
  @Order(2)
  void podPacketsCrossTheFabricOnlyInsideTheTunnel() {
    // The inner destination: UDP 8 bytes, VXLAN 8, Ethernet 14, then 16 into the IP header.
    String script =
        """
        nft -f - <<'END'
        table netdev e2e {
          chain seen {
            type filter hook ingress device "node1" priority 0
            udp dport 8472 @th,368,32 %s counter comment "tunnelled"
            ip daddr 10.244.0.0/16 counter comment "bare"
          }
        }
        END
        """
            .formatted(number(lab.address("p2")));
    lab.output("fabric", script);
    lab.output("p1", "ping -n -q -c 20 -i 0.01 -W 1 " + lab.address("p2"));
    String counters =
        lab.output("fabric", "nft list table netdev e2e; nft delete table netdev e2e");
    assertThat(packets(counters, "tunnelled")).isGreaterThanOrEqualTo(20);
    assertThat(packets(counters, "bare")).isZero();
  }

  private static String number(String address) {
    long number = 0;
    for (String part : address.split("\\.")) {
      number = number << 8 | Long.parseLong(part);
    }
    return "0x%08x".formatted(number);
  }

  private static long packets(String listing, String comment) {
    String line =
        listing.lines().filter(l -> l.contains('"' + comment + '"')).findFirst().orElseThrow();
    return Long.parseLong(line.replaceAll(".*counter packets (\\d+).*", "$1"));
  }

  @Test
  @Order(3)
  void theWorldSeesNodesAndNotPods() {
    for (String node : NODES) {
      assertThat(lab.output(pod(node), Traffic.send("198.51.100.10")).lines())
          .as("what the world saw of the pod on %s", node)
          .containsExactly(UNDERLAY.get(node), "" + Traffic.MEBIBYTE);
    }
  }

  @ParameterizedTest
  @Order(4)
  @CsvSource({
    "underlay-port-blocked,    broken,   node1, node2",
    "underlay-return-blocked,  broken,   node2, node1",
    "mtu-hole,                 degraded, node1, node2",
    "underlay-loss,            degraded, node1, node2",
  })
  void aFaultBreaksExactlyItsPath(String fault, String state, String from, String to) {
    FaultCase.broken(lab, fault, "node1", "node2")
        .expect(state, from, to, from + "/nic", to + "/nic")
        .run(
            () -> {
              if (state.equals("broken")) {
                assertThat(lab.pings("p1", lab.address("p2"))).as("p1 reaches p2").isFalse();
              }
              assertThat(lab.pings("p1", lab.address("p3"))).as("p1 reaches p3").isTrue();
            });
    assertThat(lab.pings("p1", lab.address("p2"))).as("p1 reaches p2 again").isTrue();
  }

  @ParameterizedTest
  @Order(5)
  @ValueSource(strings = {"underlay-port-blocked", "underlay-no-path"})
  void aFaultWithoutDirectionBreaksAllPaths(String fault) {
    FaultCase everywhere = FaultCase.broken(lab, fault, "", "");
    for (String from : NODES) {
      for (String to : NODES) {
        if (!from.equals(to)) {
          everywhere.expect("broken", from, to, from + "/nic", null);
        }
      }
    }
    everywhere.run(() -> {});
  }

  @Test
  @Order(6)
  void aSourceCheckDoesNotTouchTunnels() {
    List<PathSight> ill = new ArrayList<>();
    lab.breakPath("direct-route-refused", "node1", "");
    try {
      lab.output("p1", "ping -n -q -c 20 -i 0.2 -W 1 " + lab.address("p3"));
      ill.addAll(PathSight.where(lab.paths(), row -> !row.state().equals("healthy")));
    } finally {
      lab.heal();
    }
    assertThat(ill).isEmpty();
  }

  @Test
  @Order(7)
  void aPausedNodeRepairsNothingUntilItIsResumedAndPodsStillCome() {
    Command.Result paused = Installation.naru("node", "pause", "node2", "--lab", lab.name()).run();
    assertThat(paused.out()).contains("node2 is PAUSED");
    lab.output("node2", "ip link del naru-vxlan");
    lab.pod("late", "node2");
    assertThat(lab.pings("late", lab.address("p2"))).as("within the node").isTrue();
    assertThat(lab.pings("p1", lab.address("p2"))).isFalse();
    assertThat(status("node2").path("differs").toString()).contains("naru-vxlan");
    assertThat(status("node1").path("paused").isMissingNode()).isTrue();
    for (String list : List.of("status", "node list", "path list")) {
      List<String> words = new ArrayList<>(List.of(list.split(" ")));
      words.addAll(List.of("--lab", lab.name()));
      assertThat(Installation.naru(words.toArray(String[]::new)).run().out())
          .as(list)
          .contains("PAUSED");
    }
    Installation.naru("node", "resume", "node2", "--lab", lab.name()).run();
    assertThat(lab.pings("p1", lab.address("p2"))).isTrue();
    assertThat(lab.pings("p1", lab.address("late"))).isTrue();
    assertThat(status("node2").path("differs")).isEmpty();
  }

  /** Its connection to the store was from the address that is gone: it must not wait for TCP. */
  @Test
  @Order(8)
  void aNodeThatGetsAnotherAddressTellsTheOthersAtOnce() {
    lab.output(
        "node3",
        "ip addr del 172.26.50.13/24 dev eth0 && ip addr add 172.26.50.77/24 dev eth0"
            + " && ip route replace default via 172.26.50.1");
    await()
        .atMost(TestLab.LONGEST)
        .until(() -> lab.ask("node", "list").toString().contains("172.26.50.77"));
    lab.awaitAllHealthy(TestLab.LONGEST);
    assertThat(lab.pings("p1", lab.address("p3"))).isTrue();
  }

  private JsonNode status(String node) {
    for (JsonNode report : lab.ask("status")) {
      if (report.path("node").asString().equals(node)) {
        return report;
      }
    }
    throw new AssertionError("no status of " + node);
  }

  private Map<String, Long> sent() {
    Map<String, Long> counters = new HashMap<>();
    for (JsonNode row : lab.ask("tunnel", "list")) {
      counters.put(
          row.path("node").asString() + ">" + row.path("peer").asString(),
          row.path("sent").asLong());
    }
    return counters;
  }
}
