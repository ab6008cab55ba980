package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** Nodes without any IPv4 address, whose pods have both families. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class Ipv6UnderlayTest {
  private static final List<String> NODES = List.of("node1", "node2", "node3");

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2", "--underlay", "ipv6", "--transport", "auto");
    for (String node : NODES) {
      String pod = node.replace("node", "p");
      lab.pod(pod, node);
      lab.output(pod, Exchange.server());
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void podsOfBothFamiliesExchangeEverySize() {
    for (String node : NODES) {
      assertThat(lab.output(node, "ip -4 -o addr show dev eth0")).isEmpty();
    }
    for (JsonNode report : lab.ask("status")) {
      assertThat(report.path("podMtu").asInt()).isEqualTo(1430);
    }
    DualStackTest.everyPairExchanges(lab);
    assertThat(lab.output("node1", "ip route get " + lab.address("p3")))
        .contains("via inet6 fd26:50::13 dev eth0");
    assertThat(lab.output("node1", "bridge fdb show dev naru-vxlan")).contains("dst fd26:51::12");
  }

  @Test
  void faultsHitAnIpv6UnderlayToo() {
    FaultCase.broken(lab, "underlay-port-blocked", "node1", "node2")
        .expect("broken", "node1", "node2", "node1/nic", "node2/nic")
        .run(() -> assertThat(lab.pings("p1", lab.address("p2"))).isFalse());
  }
}
