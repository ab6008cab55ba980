package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.e2e.PeerNodes.Kind;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** {@code naru doctor --peer} on tunnels of other kinds than Flannel's usual one. */
class PeerTunnelsTest {
  @TempDir Path folder;

  private static String word(Kind kind) {
    return kind.name().toLowerCase(Locale.ROOT).replace("_ipv6", "");
  }

  private static List<String> words(PeerNodes nodes) {
    return Installation.words(
        "doctor",
        "--peer",
        word(nodes.kind()),
        "--seconds",
        "1",
        "-o",
        "json",
        "netns:" + nodes.node(1),
        "netns:" + nodes.node(2));
  }

  private static Command.Result fromBothEnds(PeerNodes nodes) {
    return Command.of(words(nodes)).tryRun();
  }

  private static JsonNode only(Command.Result result) {
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    JsonNode verdicts = result.json().path("verdicts");
    assertThat(verdicts).as(result.told()).hasSize(1);
    return verdicts.path(0);
  }

  private static void assertWell(Command.Result result) {
    assertThat(result.exitCode()).as(result.told()).isZero();
    assertThat(result.json().path("healthy").asBoolean()).isTrue();
  }

  private static void assertPortBlocked(JsonNode verdict, PeerNodes nodes) {
    assertThat(verdict.path("fault").asString()).isEqualTo("underlay-port-blocked");
    assertThat(verdict.path("certainty").asString()).isEqualTo("observed");
    assertThat(verdict.path("title").asString()).contains("UDP " + nodes.kind().port);
    assertThat(verdict.path("pairs")).hasSize(1);
    assertThat(verdict.path("pairs").path(0).path("from").asString()).isEqualTo(nodes.node(1));
  }

  private static String ruleAgainst(Kind kind) {
    return (kind.family == 4 ? "ip" : "ip6")
        + " saddr "
        + kind.address(1)
        + " udp dport "
        + kind.port;
  }

  @ParameterizedTest
  @EnumSource(names = {"KERNEL", "KERNEL_IPV6", "FLANNEL_IPV6"})
  void eachIsWellUntilItsPortIsBlocked(Kind kind) {
    try (PeerNodes nodes = PeerNodes.make(kind)) {
      assertWell(fromBothEnds(nodes));
      nodes.drop(ruleAgainst(kind));
      assertPortBlocked(only(fromBothEnds(nodes)), nodes);
      assertThat(nodes.dropped()).isTrue();
    }
  }

  @Test
  void aStaleOrWrongEntryOfAKernelTunnelIsNamedWithItsCommand() {
    try (PeerNodes nodes = PeerNodes.make(Kind.KERNEL)) {
      // As after a reboot of node2 whose device was made with another address.
      nodes.ip(
          2,
          "link set DEVICE address 02:00:00:00:00:22\n"
              + "neighbour replace OTHER_END lladdr MAC_THERE dev DEVICE nud permanent\n");
      JsonNode stale = only(fromBothEnds(nodes));
      assertThat(stale.path("fault").asString()).isEqualTo("vtep-mac-stale");
      assertThat(stale.path("state").asString()).isEqualTo("broken");
      assertThat(stale.path("title").asString())
          .isEqualTo(
              nodes.node(1) + " uses a wrong MAC address for " + nodes.node(2) + "'s tunnel end");
      assertThat(stale.path("remedy").path(0).path("command").asString())
          .isEqualTo("bridge fdb append 02:00:00:00:00:22 dev vx7 dst 172.26.50.202");
      assertThat(stale.path("remedy").path(1).path("command").asString())
          .isEqualTo("ip neigh replace 10.244.2.0 lladdr 02:00:00:00:00:22 dev vx7 nud permanent");
      for (int i = 0; i < 2; i++) {
        String command = stale.path("remedy").path(i).path("command").asString();
        PeerNodes.in(nodes.node(1), command.split(" ")).run();
      }
      assertWell(fromBothEnds(nodes));

      nodes.forward(2, "replace", "172.26.50.99");
      JsonNode wrong = only(fromBothEnds(nodes));
      assertThat(wrong.path("fault").asString()).isEqualTo("fdb-wrong");
      assertThat(wrong.path("remedy").path(0).path("command").asString())
          .isEqualTo("bridge fdb replace 02:00:00:00:00:01 dev vx7 dst 172.26.50.201");
    }
  }

  @Test
  void ciliumsTunnelWhoseEndsAreInNoTableOfTheKernelIsExamined() throws Exception {
    try (PeerNodes nodes = PeerNodes.make(Kind.CILIUM)) {
      Command.Result without = fromBothEnds(nodes);
      assertThat(without.json().path("notExamined").toString())
          .as(without.told())
          .contains("Cilium's peers: they are in its eBPF maps");
      assertThat(without.json().path("healthy").asBoolean()).isFalse();

      listMaps(nodes);
      assertWell(withMaps(nodes));
      nodes.drop(ruleAgainst(Kind.CILIUM));
      assertPortBlocked(only(withMaps(nodes)), nodes);
      assertThat(nodes.dropped()).isTrue();
    }
  }

  /** What Cilium's program prints of its maps, for the node in whose namespace it runs. */
  private void listMaps(PeerNodes nodes) throws Exception {
    Path program = folder.resolve("cilium-dbg");
    Files.writeString(
        program,
        """
        #!/bin/bash
        here=1; [[ $(ip -4 -o address show eth0) = *172.26.50.202* ]] && here=2; there=$((3 - here))
        case "$*" in
          'bpf tunnel list') echo 'TUNNEL        VALUE'; echo "10.244.$there.0:0    172.26.50.20$there:0" ;;
          'bpf ipcache list') echo 'IP PREFIX/ADDRESS   IDENTITY'
            echo "10.244.$there.1/32   identity=6 encryptkey=0 tunnelendpoint=172.26.50.20$there flags=<none>" ;;
          *) exit 1 ;;
        esac
        """);
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private Command.Result withMaps(PeerNodes nodes) {
    List<String> command =
        new ArrayList<>(List.of("env", "PATH=" + folder + ":" + System.getenv("PATH")));
    command.addAll(words(nodes));
    return Command.of(command).tryRun();
  }
}
