package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** A cloud that lets nothing in between nodes: neither the tunnel nor the agents' TCP. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DefaultDenyTest {
  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(2, "--firewall", "default-deny");
    lab.pod("p1", "node1");
    lab.pod("p2", "node2");
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  @Test
  void allPathsAreNamedBrokenThoughTheAgentsCannotTalk() {
    assertThat(lab.exec("node1", "socat -u /dev/null TCP4:172.26.50.12:8472,connect-timeout=2"))
        .as("the agents' TCP port must be closed, or this test shows nothing")
        .matches(result -> !result.succeeded());
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () ->
                assertThat(lab.paths())
                    .as("%s", lab.paths())
                    .extracting(PathSight::direction, PathSight::state, PathSight::lastSeen)
                    .containsExactlyInAnyOrder(
                        org.assertj.core.groups.Tuple.tuple("node1>node2", "broken", "node1/nic"),
                        org.assertj.core.groups.Tuple.tuple("node2>node1", "broken", "node2/nic")));
    assertThat(lab.pings("p1", lab.address("p2"))).isFalse();
    assertThat(lab.ask("lab", "status").path("denied").asLong()).isPositive();
    List<PathSight> rows = lab.paths();
    assertThat(rows).allMatch(row -> row.reason().contains("TCP"), "the reason names the TCP port");
  }

  @Test
  void theDoctorNamesBothPorts() {
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(() -> assertThat(lab.paths()).allMatch(row -> row.state().equals("broken")));
    Command.Result result = Installation.naru("doctor", "--lab", lab.name(), "-o", "json").tryRun();
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    for (String port : new String[] {"udp --port 8472", "tcp --port 8472"}) {
      for (String address : new String[] {"172.26.50.11/32", "172.26.50.12/32"}) {
        assertThat(result.out()).contains(port + " --cidr " + address);
      }
    }
  }
}
