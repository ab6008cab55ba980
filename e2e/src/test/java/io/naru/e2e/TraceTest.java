package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Traces, captures and the doctor's look at one port, on a real cluster. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TraceTest {
  private static final List<String> WAY =
      List.of(
          "p1/eth0",
          "node1/veth",
          "node1/vtep",
          "node1/nic",
          "node2/nic",
          "node2/vtep",
          "node2/veth",
          "p2/eth0");

  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(2, "--ipv6");
    lab.pod("p1", "node1");
    lab.pod("p2", "node2");
    lab.awaitAllHealthy(TestLab.LONGEST);
  }

  @AfterAll
  void down() {
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void heal() {
    lab.heal();
  }

  private record Traced(int exitCode, JsonNode report, String all) {
    String outcome() {
      return report.path("outcome").asString();
    }

    List<String> taps(String way, int seen) {
      List<String> taps = new ArrayList<>();
      report
          .path(way)
          .forEach(
              step -> {
                if (step.path("seen").asInt() == seen) {
                  taps.add(step.path("tap").asString());
                }
              });
      return taps;
    }
  }

  private Traced trace(String... words) {
    List<String> all = new ArrayList<>(List.of("trace"));
    all.addAll(List.of(words));
    all.addAll(List.of("--lab", lab.name(), "-o", "json"));
    Command.Result result = Installation.naru(all.toArray(String[]::new)).tryRun();
    return new Traced(result.exitCode(), result.json(), result.told());
  }

  private static void isWhole(Traced traced) {
    assertThat(traced.taps("requests", 3)).as(traced.all()).isEqualTo(WAY);
    assertThat(traced.taps("replies", 3)).as(traced.all()).isEqualTo(WAY.reversed());
    assertThat(traced.exitCode()).isZero();
  }

  @Test
  void aHealthyWalkIsSeenAtAllTapsBothWays() {
    Traced echo = trace("p1", "p2");
    isWhole(echo);
    assertThat(echo.outcome()).isEqualTo("answered");
    assertThat(echo.report().path("requests").get(3).path("changes").get(0).path("text").asString())
        .contains("into VXLAN", "172.26.50.11 → 172.26.50.12 UDP 8472");
    Traced refused = trace("p1", "p2", "--tcp", "81");
    isWhole(refused);
    assertThat(refused.outcome()).isEqualTo("refused");
  }

  @Test
  void ipv6AndEverySizeAreSeenToo() {
    Traced datagram = trace("p1", "p2", "-6", "--udp", "82", "--size", "1450");
    isWhole(datagram);
    assertThat(datagram.outcome()).isEqualTo("refused");
    assertThat(datagram.report().path("destination").asString()).contains(":");
    assertThat(datagram.report().path("requests").get(3).path("bytes").asInt()).isEqualTo(1500);
    assertThat(trace("p1", "p2", "--size", "1451").outcome()).isEqualTo("not-sent");
  }

  @Test
  void anAgentTracesTogetherWithItsPeer() {
    String naru = Installation.home("bin/naru").toString();
    Command.Result result = lab.exec("node1", naru + " trace p1 " + lab.address("p2") + " -o json");
    isWholeButForTheName(result);
    assertThat(lab.exec("node1", naru + " trace p1 nobody").exitCode()).isEqualTo(3);
  }

  private static void isWholeButForTheName(Command.Result result) {
    Traced traced = new Traced(result.exitCode(), result.json(), result.told());
    assertThat(traced.taps("requests", 3)).as(traced.all()).isEqualTo(WAY);
  }

  @Test
  void aBlockedUnderlayIsFoundBetweenTheNics() {
    lab.breakPath("underlay-port-blocked", "node1", "node2");
    Traced there = trace("p1", "p2", "--udp", "53");
    assertThat(there.report().path("lastSeen").asString()).as(there.all()).isEqualTo("node1/nic");
    assertThat(there.report().path("notSeen").asString()).isEqualTo("node2/nic");
    assertThat(there.exitCode()).isEqualTo(1);
    Traced back = trace("p2", "p1");
    assertThat(back.report().path("lastSeen").asString()).as(back.all()).isEqualTo("node1/nic");
    assertThat(back.taps("requests", 3)).hasSize(8);
  }

  @Test
  void theDoctorNamesAPolicyThatClosesOnePort() {
    lab.breakPath("policy-one-port", "node1", "node2");
    JsonNode closed = doctor(1, "80");
    assertThat(closed.path("fault").asString()).isEqualTo("policy-one-port");
    assertThat(closed.path("title").asString()).contains("node2 drops TCP 80", "policy web");
    assertThat(closed.path("lastSeen").asString()).isEqualTo("node2/vtep");
    assertThat(closed.path("notSeen").asString()).isEqualTo("node2/veth");
    assertThat(doctor(1, "81").path("fault").asString()).isEqualTo("service-no-listener");
  }

  private JsonNode doctor(int exitCode, String port) {
    Command.Result result =
        Installation.naru(
                "doctor",
                "--lab",
                lab.name(),
                "--from",
                "p1",
                "--to",
                "p2",
                "--tcp",
                port,
                "-o",
                "json")
            .tryRun();
    assertThat(result.exitCode()).as(result.told()).isEqualTo(exitCode);
    assertThat(result.json().path("verdicts").size()).as(result.told()).isEqualTo(1);
    return result.json().path("verdicts").get(0);
  }

  @Test
  void aCaptureOfBothNodesIsOneFileThatIsCompared(@TempDir Path directory) throws IOException {
    lab.breakPath("underlay-return-blocked", "node1", "node2");
    lab.output("p1", "(ping -i 0.1 -c 60 " + lab.address("p2") + " >/dev/null 2>&1 &)");
    Path file = directory.resolve("both.pcapng");
    Installation.naru(
            "capture", "p1", "p2", "--lab", lab.name(), "--seconds", "3", "-w", file.toString())
        .run();
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    Command.Result compared = Installation.naru("compare", file.toString(), "-o", "json").tryRun();
    JsonNode verdict = compared.json().path("report").path("verdicts").get(0);
    assertThat(verdict.path("fault").asString())
        .as(compared.told())
        .isEqualTo("underlay-return-blocked");
  }
}
