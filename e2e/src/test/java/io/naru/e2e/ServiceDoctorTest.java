package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import tools.jackson.databind.JsonNode;

/** {@code naru doctor --service}: a path's trouble, the service's own, or nobody's. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceDoctorTest {
  private static final String SERVICE = "kube-system/dns";

  private final List<Process> servers = new ArrayList<>();
  private TestLab lab;

  @BeforeAll
  void up() {
    lab = TestLab.up(2, "--subnets", "2");
    for (String number : List.of("1", "2")) {
      lab.pod("b" + number, "node" + number);
      serve("b" + number, "UDP4-LISTEN:53,fork");
      serve("b" + number, "TCP4-LISTEN:53,fork,reuseaddr");
    }
    lab.awaitAllHealthy(TestLab.LONGEST);
    Installation.naru(
            "service",
            "add",
            SERVICE,
            "--lab",
            lab.name(),
            "--port",
            "dns:53/udp",
            "--port",
            "dns-tcp:53/tcp",
            "--backend",
            "pod:b1",
            "--backend",
            "pod:b2")
        .run();
    await().atMost(TestLab.LONGEST).until(() -> doctor("dns").exitCode() == 0);
  }

  private void serve(String pod, String listen) {
    try {
      servers.add(
          new ProcessBuilder(
                  "ip", "netns", "exec", lab.name() + "-pod-" + pod, "socat", listen, "EXEC:cat")
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start());
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @AfterAll
  void down() {
    servers.forEach(Process::destroy);
    if (lab != null) {
      lab.close();
    }
  }

  @AfterEach
  void heal() {
    lab.heal();
  }

  private Command.Result doctor(String... words) {
    List<String> all = new ArrayList<>(List.of("doctor", "--service"));
    all.addAll(List.of(words));
    all.addAll(List.of("--lab", lab.name(), "-o", "json"));
    return Installation.naru(all.toArray(String[]::new)).tryRun();
  }

  private static JsonNode verdict(Command.Result result, String fault) {
    return result
        .json()
        .path("verdicts")
        .valueStream()
        .filter(verdict -> verdict.path("fault").asString().equals(fault))
        .findFirst()
        .orElseThrow(() -> new AssertionError(result.told()));
  }

  @Test
  void aClosedTunnelIsThePathsTroubleAndTheServiceIsInnocent() {
    lab.breakPath("underlay-port-blocked", "node1", "node2");
    Command.Result result = doctor("dns");
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    JsonNode verdict = verdict(result, "underlay-port-blocked");
    assertThat(verdict.path("lastSeen").asString()).isEqualTo("node1/nic");
    assertThat(verdict.path("evidence").toString())
        .contains("the service kube-system/dns: its backend " + lab.address("b2") + " on node2");
    assertThat(verdict.path("ruledOut").toString())
        .contains(
            "the service: its other backend " + lab.address("b1") + " on node1 answers node1");
    assertThat(result.json().path("service").path("conclusion").asString()).contains("innocent");
  }

  @Test
  void aBackendThatRefusesIsTheServicesTrouble() {
    lab.breakPath("service-broken", "node1", "node2");
    Command.Result result = doctor(SERVICE, "--from", "node1");
    assertThat(result.exitCode()).as(result.told()).isEqualTo(1);
    JsonNode verdict = verdict(result, "service-broken");
    assertThat(verdict.path("title").asString()).contains("nobody listens", lab.address("b2"));
    assertThat(verdict.path("ruledOut").toString()).contains("the network:");
    assertThat(lab.hits("service-broken")).isPositive();
    assertThat(result.json().path("verdicts").size()).as(result.told()).isEqualTo(1);
  }

  @Test
  void aHealthyServiceSaysThatNothingLosesPackets() {
    Command.Result result = doctor("dns", "--from", "b1");
    assertThat(result.json().path("service").path("conclusion").asString())
        .contains("nothing between b1 and the backends loses packets");
  }

  @Test
  void anUnknownServiceIsRefusedWithThoseThereAre() {
    Command.Result result = doctor("web");
    assertThat(result.exitCode()).isEqualTo(3);
    assertThat(result.err()).contains("no service is named 'web'", SERVICE);
  }
}
