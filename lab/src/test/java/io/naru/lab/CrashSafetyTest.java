package io.naru.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.error.NaruException;
import io.naru.lab.LabStatus.NodeStatus;
import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.process.ProcessTable;
import io.naru.lab.process.Program;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever ends in the middle, taking the lab down leaves nothing. */
class CrashSafetyTest {
  private static Process upUntil(String name, int step) throws Exception {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            "io.naru.lab.UpUntil",
            name,
            Integer.toString(step))
        .redirectErrorStream(true)
        .start();
  }

  private static void downLeavesNothing(String name) throws Exception {
    Optional<Lab> lab = Lab.find(name);
    if (lab.isPresent()) {
      lab.get().down(step -> {});
      lab.get().down(step -> {});
    }
    assertThat(TestLab.leftovers(name)).isEmpty();
    assertThat(Lab.find(name)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 6, 7, 8, 9})
  void aDeadUpIsTakenDownFromEveryStep(int step) throws Exception {
    String name = TestLab.randomName();
    Process up = upUntil(name, step);
    String output = new String(up.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(up.waitFor()).as(output).isEqualTo(9);
    downLeavesNothing(name);
  }

  /** Not at a step's edge but wherever the signal strikes. */
  @ParameterizedTest
  @ValueSource(ints = {250, 300, 350, 400, 450, 500, 600, 700})
  void aKilledUpIsTakenDown(int milliseconds) throws Exception {
    String name = TestLab.randomName();
    Process up = upUntil(name, 1000);
    up.waitFor(milliseconds, TimeUnit.MILLISECONDS);
    up.destroyForcibly().waitFor();
    downLeavesNothing(name);
  }

  @Test
  void aFailingUpLeavesNothingAndSaysWhy() throws Exception {
    String name = TestLab.randomName();
    var spec = new LabSpec(name, 2, 1, false, "auto", "auto", FirewallPolicy.OPEN);
    var broken =
        new LabPrograms(
            List.of("bash", "-c", "echo 'no such cluster' >&2; exit 7", "naru"),
            TestLab.programs().cniPlugin());
    assertThatThrownBy(() -> Lab.up(spec, broken, step -> {}))
        .isInstanceOf(NaruException.class)
        .hasMessageContaining("the server ended with exit code 7: no such cluster");
    assertThat(TestLab.leftovers(name)).isEmpty();
  }

  @Test
  void aForeignNamespaceIsNeverTouched() throws Exception {
    String name = TestLab.randomName();
    Program.of("ip", "netns", "add", name + "-node2").run();
    try {
      var spec = new LabSpec(name, 2, 1, false, "auto", "auto", FirewallPolicy.OPEN);
      assertThatThrownBy(() -> Lab.up(spec, TestLab.programs(), step -> {}))
          .hasMessageContaining("'" + name + "-node2' exists and belongs to no lab");
      assertThat(Namespaces.exists(name + "-node2")).isTrue();
      assertThat(TestLab.leftovers(name)).allMatch(left -> left.contains("-node2"));
    } finally {
      Program.of("ip", "netns", "del", name + "-node2").run();
    }
  }

  @Test
  void aCrashedNodeIsSeenAndTakenDown() throws Exception {
    try (var test = TestLab.up(2, 1, FirewallPolicy.OPEN)) {
      test.lab().runPod("a", "node1");
      Path holder = LabDirectory.of(test.lab().name()).node("node1").resolve("holder");
      ProcessTable.kill(ProcessIdentity.parse(Files.readString(holder)));
      Awaitility.await().until(() -> !test.lab().status().nodes().getFirst().running());
      NodeStatus crashed = test.lab().status().nodes().getFirst();
      assertThat(crashed.agent()).isFalse();
      assertThat(test.lab().status().nodes().get(1).agent()).isTrue();
      assertThatThrownBy(() -> test.lab().execCommand("node1", List.of("true")))
          .hasMessageContaining("node1 is not running");
      test.lab().removePod("a");
      test.lab().runPod("b", "node2");
      test.close();
      assertThat(TestLab.leftovers(test.lab().name())).isEmpty();
    }
  }

  /** What a pod's making leaves behind when it dies early: a record, and nothing else or more. */
  @Test
  void aHalfMadePodIsRemoved() throws Exception {
    try (var test = TestLab.up(1, 1, FirewallPolicy.OPEN)) {
      LabDirectory directory = LabDirectory.of(test.lab().name());
      test.lab().runPod("whole", "node1");
      LabDirectory.writeNew(
          directory.pod("half"), new PodRecord("half", "node1", "id-half", "", List.of()));
      assertThat(test.lab().status().pods())
          .filteredOn(pod -> pod.name().equals("half"))
          .singleElement()
          .matches(pod -> !pod.running());
      test.lab().removePod("half");
      assertThat(test.lab().status().pods()).hasSize(1);
      test.lab().runPod("half", "node1");
    }
  }

  @Test
  void anAgentThatEndedIsStartedAgain() {
    try (var test = TestLab.up(1, 1, FirewallPolicy.OPEN)) {
      test.exec("node1", "bash", "-c", "kill -9 $(pgrep -f 'FakeNaru agent')");
      Awaitility.await().until(() -> !test.lab().status().nodes().getFirst().agent());
      assertThat(test.exec("node1", "hostname").output()).isEqualTo("node1\n");
      test.exec("node1", "touch", "/etc/naru/refuse");
      assertThatThrownBy(() -> test.lab().startAgent("node1"))
          .hasMessageContaining("exit code 3")
          .hasMessageContaining("told to refuse");
      test.exec("node1", "rm", "/etc/naru/refuse");
      test.lab().startAgent("node1");
      assertThat(test.lab().status().nodes().getFirst().agent()).isTrue();
    }
  }

  /** Who brought the agent into its node stops with it, and then reaps nobody. */
  @Test
  void aLabWithAStoppedAgentIsTakenDown() throws Exception {
    try (var test = TestLab.up(1, 1, FirewallPolicy.OPEN)) {
      test.exec("node1", "bash", "-c", "kill -STOP $(pgrep -f '[F]akeNaru agent')");
      Awaitility.await()
          .until(() -> test.exec("node1", "ps", "-e", "-o", "stat").output().contains("T"));
      test.close();
      assertThat(TestLab.leftovers(test.lab().name())).isEmpty();
    }
  }

  @Test
  void twoLabsStandSideBySide() throws Exception {
    String settings = hostSettings();
    try (var first = TestLab.up(2, 1, FirewallPolicy.OPEN);
        var second = TestLab.up(2, 2, FirewallPolicy.DEFAULT_DENY)) {
      assertThat(first.pings("node1", "172.26.50.12")).isTrue();
      assertThat(second.pings("node1", "172.26.51.12")).isTrue();
      first.close();
      assertThat(second.lab().status().nodes()).allMatch(NodeStatus::agent);
      assertThat(second.pings("node2", "fd26:50::11")).isTrue();
      assertThat(TestLab.leftovers(first.lab().name())).isEmpty();
    }
    assertThat(hostSettings()).isEqualTo(settings);
  }

  private static String hostSettings() {
    return Program.of(
            "sysctl",
            "net.ipv4.ip_forward",
            "net.ipv6.conf.all.forwarding",
            "net.ipv6.conf.default.accept_dad",
            "net.ipv4.conf.all.rp_filter")
        .run();
  }
}
