package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A service with a backend on each of three nodes, asked from everywhere. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServicesTest {
  private static final List<String> BACKENDS = List.of("b1", "b2", "b3");
  private static final String NODE1 = "172.26.50.11";
  private static final String NODE1_IPV6 = "[fd26:50::11]";
  private static final String NODE3 = "172.26.50.13";

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(3, "--subnets", "2", "--ipv6");
    lab.pod("client", "node1");
    for (String backend : BACKENDS) {
      lab.pod(backend, backend.replace("b", "node"));
      lab.output(backend, WhoAnswers.server(backend));
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void remove() {
    lab.heal();
    if (!lab.ask("service", "list").isEmpty()) {
      Installation.naru("service", "rm", "shop/web", "--lab", lab.name()).run();
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  /** What the service's frontends are then. */
  private JsonNode service(List<String> backends, String... options) {
    List<String> words =
        new ArrayList<>(List.of("service", "add", "shop/web", "--lab", lab.name()));
    words.addAll(List.of("--node-ports", "--port", "tcp:80:8080/tcp", "--port", "udp:80:8080/udp"));
    backends.forEach(backend -> words.addAll(List.of("--backend", "pod:" + backend)));
    words.addAll(List.of(options));
    Installation.naru(words.toArray(String[]::new)).run();
    return lab.ask("service", "list");
  }

  private static String address(JsonNode rows, String family) {
    for (JsonNode row : rows) {
      String address = row.path("address").asString();
      if (address.contains(":") == family.equals("IPv6")) {
        return address.contains(":") ? "[" + address + "]" : address;
      }
    }
    throw new AssertionError("no " + family + " frontend in " + rows);
  }

  private static int nodePort(JsonNode rows) {
    return rows.path(0).path("nodePort").asInt();
  }

  /** Who answered how often. */
  private Map<String, Integer> answers(String from, String address, int port, int times) {
    Map<String, Integer> counts = new TreeMap<>();
    lab.output(from, WhoAnswers.ask(address, port, times))
        .lines()
        .forEach(who -> counts.merge(who, 1, Integer::sum));
    return counts;
  }

  private void awaitAnswers(String from, String address, int port, String... who) {
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () -> assertThat(answers(from, address, port, 40).keySet()).containsExactly(who));
  }

  @ParameterizedTest
  @ValueSource(strings = {"IPv4", "IPv6"})
  void everyoneReachesAllBackendsAlsoABackendItself(String family) {
    JsonNode rows = service(BACKENDS);
    String address = address(rows, family);
    for (String from : List.of("client", "b1", "b2", "node1", "node2")) {
      awaitAnswers(from, address, 80, "b1", "b2", "b3");
    }
    String node = family.equals("IPv4") ? NODE1 : NODE1_IPV6;
    awaitAnswers("world", node, nodePort(rows), "b1", "b2", "b3");
  }

  @ParameterizedTest
  @ValueSource(strings = {"IPv4", "IPv6"})
  void connectionsAreSpreadEvenly(String family) {
    String address = address(service(BACKENDS), family);
    awaitAnswers("client", address, 80, "b1", "b2", "b3");
    Map<String, Integer> answers = answers("client", address, 80, 3000);
    assertThat(answers.values()).allMatch(count -> count >= 900 && count <= 1100);
  }

  @Test
  void withTheLocalPolicyBackendsSeeTheClientItself() {
    JsonNode rows = service(List.of("b1", "b2"), "--external-policy", "local");
    awaitAnswers("world", NODE1, nodePort(rows), "b1");
    assertThat(lab.output("world", WhoAnswers.seenAs(NODE1, nodePort(rows))))
        .isEqualTo("198.51.100.10");
    assertThat(lab.exec("world", WhoAnswers.ask(NODE3, nodePort(rows), 1)).succeeded())
        .as("a node without a backend of its own says nothing")
        .isFalse();
  }

  @Test
  void withTheInternalLocalPolicyANodeUsesItsOwnBackendsAlone() {
    String address = address(service(BACKENDS, "--internal-policy", "local"), "IPv4");
    awaitAnswers("client", address, 80, "b1");
    awaitAnswers("node2", address, 80, "b2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"client", "node1", "world"})
  void aServiceWithoutBackendsRefusesAtOnce(String from) {
    JsonNode rows = service(List.of());
    String address = from.equals("world") ? NODE1 : address(rows, "IPv4");
    int port = from.equals("world") ? nodePort(rows) : 80;
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () ->
                assertThat(lab.exec(from, WhoAnswers.refusal(address, port)).out())
                    .contains("Connection refused"));
  }

  @Test
  void aBackendBehindABrokenPathGetsNothingNewUntilItIsWellAgain() {
    String address = address(service(BACKENDS), "IPv4");
    awaitAnswers("client", address, 80, "b1", "b2", "b3");
    lab.breakPath("underlay-port-blocked", "node2", "node1");
    awaitAnswers("client", address, 80, "b1", "b3");
    JsonNode rows = lab.ask("service", "list");
    assertThat(rows.path(0).path("backends").path(1).path("path").asString()).isEqualTo("broken");
    lab.heal();
    awaitAnswers("client", address, 80, "b1", "b2", "b3");
  }

  @Test
  void datagramsOfAClientGoToAnotherBackendWhenTheirsIsGone() {
    String address = address(service(List.of("b2")), "IPv4");
    awaitAnswers("client", address, 80, "b2");
    lab.output("client", WhoAnswers.askOverUdpForever(address, 80, "/tmp/" + lab.name()));
    TestLab.within(TestLab.LONGEST)
        .until(() -> lab.output("client", "tail -n 1 /tmp/" + lab.name()).equals("b2"));
    service(List.of("b3"));
    TestLab.within(TestLab.LONGEST)
        .until(() -> lab.output("client", "tail -n 1 /tmp/" + lab.name()).equals("b3"));
    lab.output("client", "rm /tmp/" + lab.name());
  }

  @Test
  void withoutItsAgentANodesServicesGoOnAndNamesAreBackWithIt() {
    String address = address(service(BACKENDS), "IPv4");
    awaitAnswers("client", address, 80, "b1", "b2", "b3");
    String name = "web.shop.svc.cluster.local";
    assertThat(lab.output("client", WhoAnswers.resolved(name))).isEqualTo(address);
    lab.output("node1", "kill -9 $(pgrep -x java | head -1)");
    assertThat(answers("client", address, 80, 40).keySet()).containsExactly("b1", "b2", "b3");
    service(List.of("b2"));
    Installation.naru("lab", "start", "node1", "--lab", lab.name()).run();
    TestLab.within(TestLab.LONGEST)
        .until(() -> lab.exec("client", WhoAnswers.resolved(name)).succeeded());
    awaitAnswers("client", address, 80, "b2");
  }

  @ParameterizedTest
  @ValueSource(strings = {"@169.254.20.10", "@fd00:6e61:7275::53"})
  void aNodeAnswersNamesForItsOwnPodsAndNobodyElse(String server) {
    String address = address(service(BACKENDS), "IPv4");
    String name = "web.shop.svc.cluster.local";
    for (String from : List.of("client", "b2", "node3")) {
      TestLab.within(TestLab.LONGEST)
          .untilAsserted(
              () ->
                  assertThat(lab.exec(from, WhoAnswers.resolved(server, name)).out().strip())
                      .isEqualTo(address));
    }
    String node = server.contains(":") ? "@fd26:50::11" : "@" + NODE1;
    assertThat(lab.exec("world", WhoAnswers.resolved(node, name)).succeeded()).isFalse();
  }

  @Test
  void theTableComesBackWhenSomebodyDeletesOrAltersIt() {
    String address = address(service(BACKENDS), "IPv4");
    awaitAnswers("client", address, 80, "b1", "b2", "b3");
    for (String harm :
        List.of(
            "nft delete table inet naru-services",
            "nft flush map inet naru-services backends4",
            "nft flush chain inet naru-services prerouting")) {
      lab.output("node1", harm);
      awaitAnswers("client", address, 80, "b1", "b2", "b3");
    }
  }
}
