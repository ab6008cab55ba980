package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** {@code naru doctor --peer} on nodes of another network, where no agent runs. */
class PeerDoctorTest {
  private static FlannelNodes nodes;

  @TempDir Path folder;

  @BeforeAll
  static void makeTheNodes() {
    nodes = FlannelNodes.make();
  }

  @AfterAll
  static void takeThemAway() {
    nodes.close();
  }

  @AfterEach
  void healAndLeaveNothingBehind() {
    nodes.heal();
    for (int i = 1; i <= 2; i++) {
      assertThat(
              Command.of("ip", "netns", "exec", nodes.node(i), "nft", "list", "tables").run().out())
          .doesNotContain("naru");
    }
  }

  private static Command.Result fromBothEnds() {
    return Installation.naru(
            "doctor",
            "--peer",
            "flannel",
            "-o",
            "json",
            "netns:" + nodes.node(1),
            "netns:" + nodes.node(2))
        .tryRun();
  }

  private static Command.Result on(int node, String... words) {
    List<String> command = new ArrayList<>(List.of("ip", "netns", "exec", nodes.node(node)));
    command.addAll(Installation.words(words));
    return Command.of(command).tryRun();
  }

  private static Command.Result fromOneEnd(int node) {
    return on(node, "doctor", "--peer", "flannel", "-o", "json");
  }

  private static JsonNode only(Command.Result result) {
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    JsonNode verdicts = result.json().path("verdicts");
    assertThat(verdicts).as(result.told()).hasSize(1);
    return verdicts.path(0);
  }

  private static String pair(JsonNode verdict) {
    assertThat(verdict.path("pairs")).hasSize(1);
    return verdict.path("pairs").path(0).path("from").asString()
        + " "
        + verdict.path("pairs").path(0).path("to").asString();
  }

  @Test
  void whereAllIsWellItSaysSoFromEachEndAndFromBoth() {
    for (Command.Result result : List.of(fromBothEnds(), fromOneEnd(1))) {
      assertThat(result.exitCode()).as(result.told()).isZero();
      assertThat(result.json().path("healthy").asBoolean()).isTrue();
    }
  }

  @Test
  void aClosedPortIsNamedWithItsDirection() {
    nodes.drop("ip saddr 172.26.50.201 udp dport 8472");
    String there = nodes.node(1) + " " + nodes.node(2);

    JsonNode both = only(fromBothEnds());
    assertThat(nodes.dropped()).isTrue();
    assertThat(both.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(both.path("certainty").asString()).isEqualTo("observed");
    assertThat(both.path("lastSeen").asString()).isEqualTo(nodes.node(1) + "/nic");
    assertThat(both.path("notSeen").asString()).isEqualTo(nodes.node(2) + "/nic");
    assertThat(pair(both)).isEqualTo(there);

    JsonNode sender = only(fromOneEnd(1));
    assertThat(sender.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(sender.path("certainty").asString()).isEqualTo("inferred");
    assertThat(pair(sender)).isEqualTo(there);
    assertThat(sender.path("notChecked").toString()).contains("the direction");

    // An answer that may come by the underlay does: so it is the way back to this end.
    JsonNode receiver = only(fromOneEnd(2));
    assertThat(receiver.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(pair(receiver)).isEqualTo(there);
  }

  @Test
  void anEntryThatLeadsElsewhereIsNamedWithTheCommandThatPutsItRight() {
    nodes.bridge(1, "replace", 99);
    try {
      JsonNode both = only(fromBothEnds());
      assertThat(both.path("fault").asString()).isEqualTo("fdb-wrong");
      assertThat(both.path("remedy").path(0).path("command").asString())
          .isEqualTo("bridge fdb replace 02:00:00:00:00:02 dev flannel.1 dst 172.26.50.202");
      JsonNode alone = only(fromOneEnd(1));
      assertThat(alone.path("fault").asString()).isEqualTo("underlay-no-path");
      assertThat(alone.path("evidence").toString())
          .contains("nobody on the subnet has that address");
    } finally {
      nodes.bridge(1, "replace", 202);
    }
  }

  @Test
  void aRuleOfTheNodeItselfIsNamed() {
    Command.of("ip", "netns", "exec", nodes.node(2), "nft", "-f", "-")
        .run(
            "table inet own {\n chain in { type filter hook input priority 0; udp dport 8472 drop; }\n}\n");
    try {
      JsonNode verdict = only(fromBothEnds());
      assertThat(verdict.path("fault").asString()).isEqualTo("host-input-drop");
      assertThat(verdict.path("remedy").path(0).path("command").asString())
          .startsWith("nft delete rule inet own in handle");
    } finally {
      Command.of("ip", "netns", "exec", nodes.node(2), "nft", "delete", "table", "inet", "own")
          .run();
    }
  }

  @Test
  void whatWasCollectedOnANodeIsExaminedElsewhere() throws Exception {
    nodes.drop("udp dport 8472");
    Command.Result collected = on(1, "collect");
    assertThat(collected.exitCode()).as(collected.told()).isZero();
    Path file = Files.writeString(folder.resolve("node1.json"), collected.out());
    JsonNode verdict =
        only(
            Installation.naru("doctor", "--peer", "flannel", "-o", "json", file.toString())
                .tryRun());
    assertThat(verdict.path("fault").asString()).isEqualTo("underlay-port-blocked");

    Files.writeString(file, collected.out().substring(0, collected.out().length() / 2));
    Command.Result cut = Installation.naru("doctor", "--peer", "flannel", file.toString()).tryRun();
    assertThat(cut.exitCode()).isEqualTo(3);
    assertThat(cut.err()).contains(file.toString()).doesNotContain("\tat ");
  }

  @Test
  void aNodeThatSshReachesIsLookedAtTogetherWithThisOne() throws Exception {
    // What ssh would run over there runs in the other namespace here.
    Path ssh = folder.resolve("ssh");
    Files.writeString(
        ssh,
        "#!/bin/bash\nwhile [[ $1 != naru ]]; do shift; done; shift\nexec ip netns exec "
            + nodes.node(2)
            + " "
            + String.join(" ", Installation.words())
            + " \"$@\"\n");
    assertThat(ssh.toFile().setExecutable(true)).isTrue();
    nodes.drop("ip saddr 172.26.50.201 udp dport 8472");
    List<String> command =
        new ArrayList<>(List.of("env", "PATH=" + folder + ":" + System.getenv("PATH")));
    command.addAll(List.of("ip", "netns", "exec", nodes.node(1)));
    command.addAll(
        Installation.words("doctor", "--peer", "flannel", "-o", "json", "here", "ssh:root@node2"));
    JsonNode verdict = only(Command.of(command).tryRun());
    assertThat(verdict.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.path("certainty").asString()).isEqualTo("observed");
    assertThat(pair(verdict)).isEqualTo(nodes.node(1) + " " + nodes.node(2));
  }
}
