package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * Two hosts that share nothing but a wire form a cluster with a token; and the life of their agents
 * from the first start to the clean-up. One host drops forwarded packets from before the start.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class PlainHostsTest {
  private static final String DROP =
      "nft 'table ip filter { chain FORWARD { type filter hook forward priority 0; policy drop;"
          + " ip daddr 203.0.113.7 accept; }; }'";

  private TestHost first;
  private TestHost second;
  private Process server;
  private Process firstAgent;
  private Process secondAgent;
  private HandMadePod firstPod;
  private HandMadePod secondPod;
  private String pristine = "";
  private String token = "";

  @BeforeAll
  void up() {
    Progress.say("two plain hosts");
    first = TestHost.make("host1");
    second = TestHost.make("host2");
    TestHost.connect(first, second);
    second.shell(DROP);
    pristine = HostState.everything(second);
  }

  @AfterAll
  void down() {
    for (TestHost host : new TestHost[] {second, first}) {
      if (host != null) {
        host.close();
      }
    }
  }

  @Test
  @Order(1)
  void aHostThatBelongsToNoClusterSaysHowToJoin() {
    Command.Result result = second.naru("agent").tryRun();
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    assertThat(result.err()).contains("naru token create").contains("naru agent --join");
    assertThat(
            HostState.difference(
                pristine.substring(0, pristine.indexOf("# files")), HostState.kernel(second)))
        .isEmpty();
  }

  @Test
  @Order(2)
  void aDryRunPrintsThePlanAndChangesNothing() {
    server = first.startServer();
    String before = HostState.everything(first);
    Command.Result result = first.naru("agent", "--dry-run").run();
    assertThat(result.out()).contains("naru-vxlan").contains("ip_forward");
    assertThat(HostState.difference(before, HostState.everything(first))).isEmpty();
  }

  @Test
  @Order(3)
  void podsOnHostsThatJoinedTalk() {
    firstAgent = first.startAgent();
    first.awaitReady(0);
    token = first.naru("token", "create").run().out().strip();
    secondAgent = second.startAgent("--join", token);
    second.awaitReady(1);
    first.awaitReady(1);
    firstPod = first.pod("one");
    secondPod = second.pod("two");
    assertThat(firstPod.pings(secondPod)).isTrue();
    assertThat(secondPod.pings(firstPod)).isTrue();
    awaitHealthy(first);
    awaitHealthy(second);
  }

  private static void awaitHealthy(TestHost host) {
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () -> {
              List<PathSight> rows =
                  PathSight.all(host.naru("path", "list", "-o", "json").run().json());
              assertThat(rows).hasSize(2).allMatch(row -> row.state().equals("healthy"));
            });
  }

  @Test
  @Order(4)
  void podsTalkOnWhileTheServerIsDead() {
    TestHost.kill(server);
    assertThat(firstPod.pings(secondPod)).isTrue();
    TestLab.within(TestLab.LONGEST)
        .until(() -> !second.status().orElseThrow().path("store").path("connected").asBoolean());
    HandMadePod late = second.pod("late");
    assertThat(firstPod.pings(late)).as("a pod made without the server").isTrue();
    server = first.startServer();
    TestLab.within(TestLab.LONGEST)
        .until(() -> second.status().orElseThrow().path("store").path("connected").asBoolean());
    HandMadePod third = second.pod("three");
    assertThat(firstPod.pings(third)).isTrue();
    assertThat(second.awaitReady(1).path("pods").asInt()).isEqualTo(3);
  }

  @Test
  @Order(5)
  void aSecondAgentIsRefusedAndTheFirstGoesOn() {
    Command.Result result = second.naru("agent").tryRun();
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    assertThat(result.err()).startsWith("naru: ").doesNotContain("\tat ");
    assertThat(result.err()).containsIgnoringCase("agent").containsIgnoringCase("already");
    assertThat(second.isReady(1)).isTrue();
    assertThat(secondAgent.isAlive()).isTrue();
    assertThat(firstPod.pings(secondPod)).isTrue();
  }

  @Test
  @Order(6)
  void aStopLeavesTheDataPathAndARestartKeepsEverything() {
    String cidrs = second.status().orElseThrow().path("podCidrs").toString();
    long sent = sent(second);
    assertThat(sent).isPositive();
    String running = HostState.kernel(second);
    TestHost.stop(secondAgent);
    assertThat(secondAgent.exitValue()).as("exit code after SIGTERM").isIn(0, 143);
    assertThat(HostState.difference(running, HostState.kernel(second))).isEmpty();
    assertThat(firstPod.pings(secondPod)).isTrue();
    assertThat(secondPod.pings(firstPod)).isTrue();
    secondAgent = second.startAgent();
    JsonNode status = second.awaitReady(1);
    assertThat(status.path("podCidrs").toString()).isEqualTo(cidrs);
    assertThat(status.path("pods").asInt()).isEqualTo(3);
    assertThat(HostState.difference(running, HostState.kernel(second))).isEmpty();
    assertThat(sent(second)).isGreaterThanOrEqualTo(sent);
    assertThat(firstPod.pings(secondPod)).isTrue();
  }

  private static long sent(TestHost host) {
    return host.naru("tunnel", "list", "-o", "json").run().json().path(0).path("sent").asLong();
  }

  @Test
  @Order(7)
  void anAgentThatWasKilledFindsItsPodsAgain() {
    String running = HostState.kernel(second);
    TestHost.kill(secondAgent);
    assertThat(firstPod.pings(secondPod)).isTrue();
    secondAgent = second.startAgent();
    assertThat(second.awaitReady(1).path("pods").asInt()).isEqualTo(3);
    assertThat(HostState.difference(running, HostState.kernel(second))).isEmpty();
  }

  @Test
  @Order(8)
  void podsTalkThroughAForwardChainThatDrops() {
    assertThat(second.shell("nft list chain ip filter FORWARD")).contains("policy drop");
    first.shell(DROP);
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(() -> assertThat(firstPod.pings(secondPod)).isTrue());
    assertThat(secondPod.pings(firstPod)).isTrue();
  }

  @Test
  @Order(9)
  void cleaningIsRefusedWhileTheAgentRuns() {
    Command.Result result = second.naru("clean").tryRun();
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    assertThat(result.err()).contains("stop it first");
    assertThat(second.isReady(1)).isTrue();
  }

  @Test
  @Order(10)
  void cleaningLeavesNothingOfOursAndAllOfTheirs() {
    TestHost.stop(secondAgent);
    String before = HostState.everything(second);
    String announced = second.naru("clean", "--dry-run").run().out();
    assertThat(announced).contains("naru-vxlan").contains("/var/lib/naru/identity");
    assertThat(HostState.difference(before, HostState.everything(second))).isEmpty();
    Command.Result result = second.naru("clean").run();
    assertThat(HostState.difference(pristine, HostState.everything(second)))
        .as(result.told())
        .isEmpty();
    assertThat(second.naru("clean").run().out()).contains("nothing");
    TestLab.within(TestLab.LONGEST).until(() -> first.isReady(0));
    assertThat(first.shell("ip route show table all; bridge fdb show; ip neigh show nud permanent"))
        .as("the peer forgets a node that was withdrawn")
        .doesNotContain("10.244.1.0")
        .doesNotContain("192.0.2.2 ");
  }

  @Test
  @Order(11)
  void aCleanHostJoinsAgain() {
    secondAgent = second.startAgent("--join", token);
    second.awaitReady(1);
    assertThat(second.pod("again").pings(firstPod)).isTrue();
  }
}
