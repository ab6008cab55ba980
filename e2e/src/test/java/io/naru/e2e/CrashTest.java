package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** An agent that ends without warning before any step of its first start. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class CrashTest {
  private static final int KILLED = 137;

  /** More than any first start has; else the test would not end. */
  private static final int TOO_MANY = 60;

  private TestHost first;
  private TestHost second;
  private String token = "";

  @BeforeAll
  void up() {
    Progress.say("two plain hosts, to crash one");
    first = TestHost.make("host1");
    second = TestHost.make("host2");
    TestHost.connect(first, second);
    first.startServer();
    first.startAgent();
    first.awaitReady(0);
    token = first.naru("token", "create").run().out().strip();
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
  void theNextStartEndsInTheSameState() {
    String pristine = HostState.everything(second);
    Process agent = second.startAgent("--join", token);
    second.awaitReady(1);
    String uninterrupted = HostState.everything(second);
    assertThat(uninterrupted).contains("naru-vxlan").contains("10.244.0.0/24");
    clean(agent, pristine);

    int step = 1;
    while (crashesBefore(step)) {
      agent = second.startAgent("--join", token);
      second.awaitReady(1);
      assertThat(HostState.difference(uninterrupted, HostState.everything(second)))
          .as("after a crash before step %d%n%s", step, second.log("agent.log"))
          .isEmpty();
      clean(agent, pristine);
      step++;
      assertThat(step).isLessThan(TOO_MANY);
    }
    Progress.say("a first start has %d steps".formatted(step - 1));
    assertThat(step).as("steps of a first start").isGreaterThan(10);
  }

  /** Whether the start got so far; if it has fewer steps it ends well. */
  private boolean crashesBefore(int step) {
    Process agent =
        second.startAgent(Map.of("NARU_TEST_HALT_BEFORE_STEP", "" + step), "--join", token);
    TestLab.within(TestLab.LONGEST).until(() -> !agent.isAlive() || second.isReady(1));
    if (agent.isAlive()) {
      TestHost.stop(agent);
      return false;
    }
    assertThat(agent.exitValue()).as(second.log("agent.log")).isEqualTo(KILLED);
    return true;
  }

  private void clean(Process agent, String pristine) {
    TestHost.stop(agent);
    second.naru("clean").run();
    assertThat(HostState.difference(pristine, HostState.everything(second))).isEmpty();
  }
}
