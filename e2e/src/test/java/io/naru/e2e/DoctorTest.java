package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** What {@code naru doctor} says of real faults on a real cluster, and of none. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DoctorTest {
  private static final Duration TO_HEAL = Duration.ofSeconds(20);
  private static final String FILTER =
      """
      nft -f - <<'END'
      table inet strict {
        chain found { type filter hook %s priority 10; policy accept;
          %s counter drop comment "a test's rule"
        }
      }
      END
      """;

  private TestLab lab;

  /** A run of the doctor. */
  private record Said(int exitCode, JsonNode report, String all) {
    JsonNode only() {
      assertThat(report.path("verdicts").size()).as(all).isEqualTo(1);
      return report.path("verdicts").get(0);
    }
  }

  @BeforeAll
  void up() {
    lab = TestLab.up(3);
    for (int i = 1; i <= 3; i++) {
      lab.pod("p" + i, "node" + i);
    }
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  private Said doctor(String... options) {
    List<String> words = new java.util.ArrayList<>(List.of("doctor", "--lab", lab.name()));
    words.addAll(List.of(options));
    words.addAll(List.of("-o", "json"));
    Command.Result result = Installation.naru(words.toArray(String[]::new)).tryRun();
    return new Said(result.exitCode(), result.json(), result.told());
  }

  private void awaitWell() {
    lab.awaitAllHealthy(TO_HEAL);
  }

  private static List<String> pairs(JsonNode verdict) {
    List<String> pairs = new java.util.ArrayList<>();
    verdict
        .path("pairs")
        .forEach(
            pair -> pairs.add(pair.path("from").asString() + ">" + pair.path("to").asString()));
    return pairs;
  }

  @Test
  void aHealthyClusterHasNoVerdictAlsoUnderTraffic() {
    awaitWell();
    lab.output("p1", "ping -q -f -c 2000 -s 1000 " + lab.address("p2") + " >/dev/null || true");
    Said said = doctor();
    assertThat(said.exitCode()).as(said.all()).isZero();
    assertThat(said.report().path("healthy").asBoolean()).isTrue();
    assertThat(said.report().path("verdicts").size()).as(said.all()).isZero();
  }

  @ParameterizedTest
  @CsvSource({
    "underlay-port-blocked,    broken,   node1/nic, node2/nic, node1>node2, udp --port 8472",
    "underlay-all-udp-blocked, broken,   node1/nic, node2/nic, node1>node2, udp --port 8472",
    "underlay-no-path,         broken,   node1/nic, node2/nic, node1>node2, tcp --port 8472",
    "mtu-hole,                 degraded, node1/nic, node2/nic, node1>node2, tracepath"
  })
  void aFaultOfTheUnderlayIsNamedWithItsPlaceAndItsCure(
      String fault, String state, String lastSeen, String notSeen, String pair, String cure) {
    awaitWell();
    lab.breakPath(fault, "node1", "node2");
    try {
      Said said = doctor();
      JsonNode verdict = said.only();
      assertThat(said.exitCode()).as(said.all()).isEqualTo(1);
      assertThat(verdict.path("fault").asString()).as(said.all()).isEqualTo(fault);
      assertThat(verdict.path("state").asString()).isEqualTo(state);
      assertThat(verdict.path("lastSeen").asString()).isEqualTo(lastSeen);
      assertThat(verdict.path("notSeen").asString()).isEqualTo(notSeen);
      assertThat(pairs(verdict)).containsExactly(pair);
      assertThat(verdict.path("remedy").toString()).contains(cure);
      assertThat(lab.hits(fault)).isPositive();
    } finally {
      lab.heal();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "input,   udp dport 8472,          host-input-drop,  node2/nic",
    "output,  udp dport 8472,          host-output-drop, node2/vtep",
    "forward, oifname naru-vxlan,      forward-drop,     node2/veth"
  })
  void aRuleOfTheNodesOwnFirewallIsNamedWithItsHandle(
      String hook, String match, String fault, String lastSeen) {
    awaitWell();
    lab.output("node2", FILTER.formatted(hook, match));
    try {
      Said said = doctor();
      JsonNode verdict = said.only();
      assertThat(verdict.path("fault").asString()).as(said.all()).isEqualTo(fault);
      assertThat(verdict.path("lastSeen").asString()).isEqualTo(lastSeen);
      assertThat(verdict.path("certainty").asString()).isEqualTo("observed");
      assertThat(verdict.path("evidence").toString()).contains("a test's rule");
      String command = verdict.path("remedy").get(0).path("command").asString();
      assertThat(lab.exec("node2", command)).as(command).matches(Command.Result::succeeded);
      awaitWell();
      assertThat(doctor().exitCode()).as("after the cure that was printed").isZero();
    } finally {
      lab.output("node2", "nft delete table inet strict");
    }
  }

  @Test
  void twoFaultsAtOnceAreTwoVerdicts() {
    awaitWell();
    lab.breakPath("underlay-port-blocked", "node1", "node2");
    lab.output("node3", FILTER.formatted("input", "udp dport 8472"));
    try {
      Said said = doctor();
      assertThat(said.report().path("verdicts").findValuesAsString("fault"))
          .as(said.all())
          .containsExactlyInAnyOrder("underlay-port-blocked", "host-input-drop");
    } finally {
      lab.heal();
      lab.output("node3", "nft delete table inet strict");
    }
  }

  @Test
  void driftOfAPausedNodeIsAVerdictThatTheDoctorMayFix() {
    awaitWell();
    Installation.naru("node", "pause", "node1", "--lab", lab.name()).run();
    lab.output(
        "node1",
        "bridge fdb del $(bridge fdb show dev naru-vxlan | grep 172.26.50.13 | cut -d' ' -f1)"
            + " dev naru-vxlan");
    Said said = doctor("--fix");
    JsonNode verdict = said.only();
    assertThat(verdict.path("fault").asString()).as(said.all()).isEqualTo("fdb-missing");
    assertThat(verdict.path("lastSeen").asString()).isEqualTo("node1/vtep");
    assertThat(verdict.path("notSeen").asString()).isEqualTo("node1/nic");
    assertThat(pairs(verdict)).containsExactly("node1>node3");
    awaitWell();
    assertThat(doctor().exitCode()).isZero();
  }

  @Test
  void aRuleThatNftDoesNotShowIsNamedWithTheCommandThatDeletesIt() {
    awaitWell();
    String rule = "INPUT -p udp -m udp --dport 8472 -j DROP";
    lab.output("node2", "iptables-legacy -I " + rule);
    try {
      JsonNode verdict = awaitVerdict("host-input-drop");
      assertThat(verdict.path("remedy").get(0).path("command").asString())
          .isEqualTo("iptables-legacy -D " + rule);
      assertThat(verdict.path("evidence").toString())
          .contains("counter of that rule rose")
          .contains("to UDP 8472: NETFILTER_DROP");
    } finally {
      lab.output("node2", "iptables-legacy -D " + rule);
    }
  }

  @Test
  void aRuleThatUfwWroteIsUndoneByUfw() {
    awaitWell();
    lab.output(
        "node2",
        "iptables-nft -N ufw-user-input; iptables-nft -A INPUT -j ufw-user-input;"
            + " iptables-nft -A ufw-user-input -p udp --dport 8472 -j DROP");
    try {
      JsonNode verdict = awaitVerdict("host-input-drop");
      assertThat(verdict.path("title").asString()).contains("(ufw)");
      assertThat(verdict.path("remedy").toString())
          .contains("ufw allow proto udp from 172.26.50.1")
          .contains("to any port 8472");
    } finally {
      lab.output("node2", "nft delete table ip filter");
    }
  }

  /** The only verdict, as soon as it is that: paths break some probes after the rule. */
  private JsonNode awaitVerdict(String fault) {
    Said said = doctor();
    for (int i = 0; i < 4 && !said.report().path("verdicts").toString().contains(fault); i++) {
      said = doctor();
    }
    assertThat(said.only().path("fault").asString()).as(said.all()).isEqualTo(fault);
    return said.only();
  }
}
