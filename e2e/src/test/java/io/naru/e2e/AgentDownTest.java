package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A node whose agent was killed: its kernel stays, and the doctor says what that means. */
class AgentDownTest {
  private static final Duration TO_HEAL = Duration.ofSeconds(20);

  /** Longer than a restart takes, and than an examination that the doctor broke off. */
  private static final Duration UNTIL_EXAMINED = Duration.ofSeconds(60);

  /** In a node's own process namespace: its first java is the agent. */
  private static final String KILL = "kill -9 $(pgrep -x java | head -1)";

  private TestLab lab;

  @BeforeEach
  void up() {
    lab = TestLab.up(3);
    lab.pod("p1", "node1");
    lab.pod("p3", "node3");
    lab.awaitAllHealthy(TO_HEAL);
    lab.output("node3", KILL);
  }

  @AfterEach
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  private static JsonNode named(JsonNode report, String fault) {
    for (JsonNode verdict : report.path("verdicts")) {
      if (verdict.path("fault").asString().equals(fault)) {
        return verdict;
      }
    }
    throw new AssertionError("there is no " + fault + " in " + report);
  }

  private static List<String> pairs(JsonNode verdict) {
    List<String> pairs = new ArrayList<>();
    verdict
        .path("pairs")
        .forEach(
            pair -> pairs.add(pair.path("from").asString() + ">" + pair.path("to").asString()));
    return pairs;
  }

  @Test
  void itIsOneVerdictUntilItRunsAgainAndDriftIsAnother() {
    assertThat(lab.pings("p1", lab.address("p3"))).as("pods' packets pass").isTrue();
    Command.Result alone = doctor();
    JsonNode down = alone.json();
    assertThat(down.path("verdicts").size()).as(alone.told()).isEqualTo(1);
    assertThat(alone.exitCode()).isEqualTo(1);
    JsonNode verdict = named(down, "agent-down");
    assertThat(verdict.path("title").asString()).contains("node3").contains("still pass");
    assertThat(pairs(verdict))
        .containsExactly("node1>node3", "node2>node3", "node3>node1", "node3>node2");
    assertThat(verdict.path("remedy").toString()).contains("naru-agent");
    assertThat(Installation.naru("history", "--lab", lab.name(), "-o", "json").run().json())
        .as("the others tell their histories")
        .isNotNull();

    lab.output(
        "node3",
        "bridge fdb del $(bridge fdb show dev naru-vxlan | grep 172.26.50.11 | cut -d' ' -f1)"
            + " dev naru-vxlan");
    Command.Result drifted = doctor();
    assertThat(drifted.json().path("verdicts").size()).as(drifted.told()).isEqualTo(2);
    assertThat(pairs(named(drifted.json(), "fdb-missing"))).containsExactly("node3>node1");
    assertThat(pairs(named(drifted.json(), "agent-down")))
        .containsExactly("node1>node3", "node2>node3", "node3>node2");

    // On that host alone, as where no lab is.
    Command.Result here =
        lab.exec("node3", String.join(" ", Installation.words("doctor", "-o", "json")));
    assertThat(here.json().path("verdicts").findValuesAsString("fault"))
        .as(here.told())
        .containsExactlyInAnyOrder("fdb-missing", "agent-down");

    // Seldom: each look costs a start of the program, and the examination takes half a minute.
    await()
        .pollInterval(Duration.ofSeconds(2))
        .atMost(UNTIL_EXAMINED)
        .untilAsserted(() -> assertThat(absences()).isNotEmpty().allMatch(AgentDownTest::lasts));

    Installation.naru("lab", "start", "node3", "--name", lab.name()).run();
    lab.awaitAllHealthy(TO_HEAL);
    assertThat(doctor().exitCode()).as("after the agent was started").isZero();
    assertThat(absences()).isNotEmpty().noneMatch(AgentDownTest::lasts);
  }

  /** What the agents that run noted of it without being asked. */
  private List<JsonNode> absences() {
    List<JsonNode> entries = new ArrayList<>();
    for (JsonNode entry :
        Installation.naru("history", "--lab", lab.name(), "-o", "json").run().json()) {
      if (entry.path("code").asString().equals("NARU-AGENT-DOWN")) {
        entries.add(entry);
      }
    }
    return entries;
  }

  private static boolean lasts(JsonNode entry) {
    return entry.path("until").isMissingNode();
  }

  private Command.Result doctor() {
    return Installation.naru("doctor", "--lab", lab.name(), "-o", "json").tryRun();
  }
}
