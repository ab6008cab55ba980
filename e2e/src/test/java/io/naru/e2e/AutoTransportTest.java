package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

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

/** Three nodes in two subnets that choose for themselves: node1 and node3 share a subnet. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AutoTransportTest {
  private static final List<String> NODES = List.of("node1", "node2", "node3");
  private static final int PINGS = 200;

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2", "--transport", "auto");
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
  void theListsNameTheTransportOfEachPair() {
    Map<String, String> transports = new HashMap<>();
    lab.paths().forEach(row -> transports.put(row.direction(), row.transport()));
    assertThat(transports)
        .containsOnly(
            Map.entry("node1>node2", "vxlan"),
            Map.entry("node2>node1", "vxlan"),
            Map.entry("node2>node3", "vxlan"),
            Map.entry("node3>node2", "vxlan"),
            Map.entry("node1>node3", "direct"),
            Map.entry("node3>node1", "direct"));
    Map<String, String> reached = new HashMap<>();
    for (JsonNode row : lab.ask("node", "list")) {
      reached.put(row.path("name").asString(), row.path("transport").asString());
    }
    assertThat(reached)
        .containsOnly(
            Map.entry("node1", "self"), Map.entry("node2", "vxlan"), Map.entry("node3", "direct"));
  }

  @Test
  @Order(2)
  void theKernelRoutesAsTheListsSay() {
    assertThat(lab.output("node1", "ip route get " + lab.address("p3")))
        .contains("via 172.26.50.13 dev eth0");
    assertThat(lab.output("node1", "ip route get " + lab.address("p2"))).contains("dev naru-vxlan");
    assertThat(lab.output("node2", "ip route get " + lab.address("p3"))).contains("dev naru-vxlan");
  }

  @Test
  @Order(3)
  void packetsTakeTheTransportThatTheListsName() {
    // Probes pass through the unused tunnel as well, a few a second: the pings outnumber them.
    long tunnelledToNeighbour = sent("node3");
    long tunnelledBeyond = sent("node2");
    String flood = "ping -n -q -c %d -i 0.003 -W 1 ".formatted(PINGS);
    lab.output("p1", flood + lab.address("p3"));
    assertThat(sent("node3") - tunnelledToNeighbour).isLessThan(PINGS / 2);
    lab.output("p1", flood + lab.address("p2"));
    assertThat(sent("node2") - tunnelledBeyond).isGreaterThanOrEqualTo(PINGS);
  }

  private long sent(String peer) {
    for (JsonNode row : lab.ask("tunnel", "list")) {
      if (row.path("node").asString().equals("node1") && row.path("peer").asString().equals(peer)) {
        return row.path("sent").asLong();
      }
    }
    throw new AssertionError("no tunnel from node1 to " + peer);
  }

  @Test
  @Order(4)
  void everyPodReachesEveryOtherAndIsSeenUnderItsOwnAddress() {
    for (String from : NODES) {
      for (String to : NODES) {
        if (!from.equals(to)) {
          assertThat(lab.output(pod(from), Traffic.send(lab.address(pod(to)))).lines())
              .as("what the pod on %s saw of the one on %s", to, from)
              .containsExactly(lab.address(pod(from)), "" + Traffic.MEBIBYTE);
        }
      }
    }
    assertThat(lab.output("p3", Traffic.send("198.51.100.10")).lines())
        .containsExactly("172.26.50.13", "" + Traffic.MEBIBYTE);
  }

  @Test
  @Order(5)
  void aSourceCheckBreaksExactlyTheDirectPath() {
    FaultCase.broken(lab, "direct-route-refused", "node1", "")
        .expect("broken", "node1", "node3", "node1/nic", "node3/nic")
        .run(
            () -> {
              assertThat(lab.pings("p1", lab.address("p3"))).as("p1 reaches p3").isFalse();
              assertThat(lab.pings("p1", lab.address("p2"))).as("p1 reaches p2").isTrue();
              assertThat(lab.pings("p2", lab.address("p3"))).as("p2 reaches p3").isTrue();
            });
    assertThat(lab.pings("p1", lab.address("p3"))).as("p1 reaches p3 again").isTrue();
  }

  @Test
  @Order(6)
  void aClosedTunnelPortDoesNotTouchTheDirectPath() {
    FaultCase everywhere = FaultCase.broken(lab, "underlay-port-blocked", "", "");
    for (String far : List.of("node1", "node3")) {
      everywhere.expect("broken", far, "node2", far + "/nic", "node2/nic");
      everywhere.expect("broken", "node2", far, "node2/nic", far + "/nic");
    }
    everywhere.run(() -> assertThat(lab.pings("p1", lab.address("p3"))).isTrue());
  }
}
