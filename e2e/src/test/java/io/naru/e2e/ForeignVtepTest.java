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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** Two Naru nodes in two subnets and, beside them, a kernel tunnel end point made by hand. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ForeignVtepTest {
  private TestLab lab;
  private ForeignHost foreign;

  @BeforeAll
  void up() {
    // The transport that would route directly within the subnet which the foreign host is in.
    lab = TestLab.up(2, "--subnets", "2", "--ipv6", "--transport", "auto");
    for (String pod : List.of("p1", "p2")) {
      lab.pod(pod, pod.replace("p", "node"));
      lab.output(pod, ForeignHost.servers());
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
    foreign = ForeignHost.in(lab, false);
    foreign.output(ForeignHost.servers());
  }

  @AfterAll
  void down() {
    if (foreign != null) {
      foreign.close();
    }
    if (lab != null) {
      lab.close();
    }
  }

  private Command.Result add(String... options) {
    List<String> words =
        new java.util.ArrayList<>(List.of("node", "add", "legacy1", "--lab", lab.name()));
    words.addAll(List.of(options));
    return Installation.naru(words.toArray(String[]::new)).tryRun();
  }

  @Test
  @Order(1)
  void aBlockOfAnotherNodeAndAMulticastMacAreRefused() {
    String taken = lab.address("p1").replaceAll("\\.\\d+$", ".128/25");
    Command.Result refused =
        add("--address", "172.26.50.5", "--vtep-mac", "03:00:00:00:00:01", "--pod-cidr", taken);
    assertThat(refused.exitCode()).isEqualTo(1);
    assertThat(refused.err())
        .contains("the VTEP MAC 03:00:00:00:00:01 is no single device's")
        .contains("the pod CIDR " + taken + " overlaps one of node node1");
    assertThat(foreignRow()).isNull();
  }

  @Test
  @Order(2)
  void onceRegisteredItIsANodeThatNobodyProbes() {
    Command.Result added =
        add(
            "--address", ForeignHost.address(false),
            "--vtep-mac", ForeignHost.MAC,
            "--pod-cidr", ForeignHost.POD_CIDRS.get(0),
            "--pod-cidr", ForeignHost.POD_CIDRS.get(1));
    assertThat(added.succeeded()).as(added.told()).isTrue();
    TestLab.within(TestLab.LONGEST).until(() -> foreignRow() != null);
    assertThat(foreignRow().path("kind").asString()).isEqualTo("foreign");
    assertThat(foreignRow().path("transport").asString()).isEqualTo("vxlan");
    assertThat(lab.paths())
        .filteredOn(path -> path.to().equals("legacy1"))
        .hasSize(2)
        .allMatch(path -> path.state().equals("unknown"));
    foreign.type(Installation.naru("node", "export", "--lab", lab.name()).run().out());
    TestLab.within(TestLab.LONGEST)
        .until(
            () ->
                lab.exec("p2", Traffic.ping(ForeignHost.PODS.getFirst())).succeeded()
                    && lab.exec("p1", Traffic.ping(ForeignHost.PODS.getFirst())).succeeded());
  }

  private JsonNode foreignRow() {
    for (JsonNode node : lab.ask("node", "list")) {
      if (node.path("name").asString().equals("legacy1")) {
        return node;
      }
    }
    return null;
  }

  @ParameterizedTest
  @Order(3)
  @CsvSource({"p1, 0", "p2, 0", "p1, 1", "p2, 1"})
  void podsOnBothSidesTalk(String pod, int family) {
    foreign.assertTalksWith(pod, family);
  }

  @Test
  @Order(4)
  void onceRemovedNothingIsSentToIt() {
    Installation.naru("node", "rm", "legacy1", "--lab", lab.name()).run();
    TestLab.within(TestLab.LONGEST)
        .until(
            () ->
                !lab.exec("node1", "ip route").out().contains("10.244.200.0/24")
                    && !lab.exec("node1", "bridge fdb").out().contains(ForeignHost.MAC));
    assertThat(foreignRow()).isNull();
    Command.Result busy = Installation.naru("node", "rm", "node2", "--lab", lab.name()).tryRun();
    assertThat(busy.exitCode()).isEqualTo(1);
    assertThat(busy.err()).contains("the agent of node node2 is connected");
  }
}
