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
  private static PeerNodes nodes;

  @TempDir Path folder;

  @BeforeAll
  static void makeTheNodes() {
    nodes = PeerNodes.make(PeerNodes.Kind.FLANNEL);
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
    nodes.forward(1, "replace", "172.26.50.99");
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
      nodes.forward(1, "replace", "172.26.50.202");
    }
  }

  @Test
  void aRuleOfTheNodeItselfIsNamed() {
    nodes.filter(2, "chain in { type filter hook input priority 0; udp dport 8472 drop; }");
    JsonNode verdict = only(fromBothEnds());
    assertThat(verdict.path("fault").asString()).isEqualTo("host-input-drop");
    assertThat(verdict.path("remedy").path(0).path("command").asString())
        .startsWith("nft delete rule inet own in handle");
  }

  @Test
  void aNodeThatDoesNotForwardPodsPacketsIsNamedThoughItsOwnPass() {
    nodes.filter(2, "chain pass { type filter hook forward priority 0; policy drop; }");
    JsonNode both = only(fromBothEnds());
    assertThat(both.path("fault").asString()).isEqualTo("forward-drop");
    assertThat(both.path("certainty").asString()).isEqualTo("observed");
    assertThat(both.path("title").asString())
        .isEqualTo(nodes.node(2) + " drops pods' packets: inet own pass: policy drop");
    assertThat(both.path("remedy").path(0).path("command").asString())
        .isEqualTo("nft insert rule inet own pass ip saddr 10.244.1.0/24 accept");
    JsonNode alone = only(fromOneEnd(2));
    assertThat(alone.path("fault").asString()).isEqualTo("forward-drop");
  }

  @Test
  void podsThatSendMoreThanTheTunnelCarriesAreNamed() {
    nodes.ipInPod(1, "link set eth0 mtu 1500\n"); // its other end has 1450, and tells nobody
    try {
      for (Command.Result result : List.of(fromBothEnds(), fromOneEnd(1))) {
        JsonNode verdict = only(result);
        assertThat(verdict.path("fault").asString()).isEqualTo("mtu-pod-too-big");
        assertThat(verdict.path("title").asString()).contains("1500 bytes", "1450");
        assertThat(verdict.path("remedy").path(0).path("command").asString())
            .isEqualTo("grep FLANNEL_MTU /run/flannel/subnet.env");
      }
    } finally {
      nodes.ipInPod(1, "link set eth0 mtu 1450\n");
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

  /** A program that runs its last words where another node is, as ssh and kubectl would. */
  private void stand(String program, String options) throws Exception {
    Path script = folder.resolve(program);
    Files.writeString(
        script,
        "#!/bin/bash\n[[ \"$*\" = %s\\ naru\\ collect* ]] || exit 64\n".formatted(options)
            + "while [[ $1 != naru ]]; do shift; done; shift\nexec ip netns exec %s %s \"$@\"\n"
                .formatted(nodes.node(2), String.join(" ", Installation.words())));
    assertThat(script.toFile().setExecutable(true)).isTrue();
  }

  private Command.Result hereAnd(String other) {
    List<String> command =
        new ArrayList<>(List.of("env", "PATH=" + folder + ":" + System.getenv("PATH")));
    command.addAll(List.of("ip", "netns", "exec", nodes.node(1)));
    command.addAll(Installation.words("doctor", "--peer", "flannel", "-o", "json", "here", other));
    return Command.of(command).tryRun();
  }

  @Test
  void aNodeThatSshReachesIsLookedAtTogetherWithThisOne() throws Exception {
    stand("ssh", "-o\\ BatchMode=yes\\ -o\\ ConnectTimeout=8\\ -T\\ --\\ root@node2");
    nodes.drop("ip saddr 172.26.50.201 udp dport 8472");
    JsonNode verdict = only(hereAnd("ssh:root@node2"));
    assertThat(verdict.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.path("certainty").asString()).isEqualTo("observed");
    assertThat(pair(verdict)).isEqualTo(nodes.node(1) + " " + nodes.node(2));
  }

  @Test
  void aNodeThatKubectlReachesTellsOfItsPods() throws Exception {
    stand("kubectl", "exec\\ -i\\ -n\\ kube-flannel\\ kube-flannel-ds-x7k2p\\ --");
    // Drops what is for a pod there: only who knows the pod's address can see that.
    nodes.filter(
        2,
        "chain pass { type filter hook forward priority 0; ip daddr 10.244.2.10 udp dport 8477 drop; }");
    JsonNode verdict = only(hereAnd("kubectl:kube-flannel/kube-flannel-ds-x7k2p"));
    assertThat(verdict.path("fault").asString()).isEqualTo("forward-drop");
    assertThat(pair(verdict)).isEqualTo(nodes.node(1) + " " + nodes.node(2));

    Command.Result missing = hereAnd("kubectl:kube-flannel/no-such-pod");
    assertThat(missing.json().path("notExamined").toString())
        .contains("kubectl:kube-flannel/no-such-pod could not be looked at");
  }
}
