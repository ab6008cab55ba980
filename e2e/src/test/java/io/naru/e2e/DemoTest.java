package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The demo as a newcomer runs it, and ends it. On a host of the test's own, so that whatever it
 * leaves is seen, and nothing that others do there meanwhile.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class DemoTest {
  private static final Duration WHOLE_STORY = Duration.ofMinutes(3);

  /**
   * Control groups of its own where the machine's are mounted, in place of the hidden ones, and
   * also in /run/groups. Those of others are nowhere to be seen.
   */
  private static final String OWN_GROUPS =
      """
      set -e
      at=$(awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
      mkdir /run/groups
      mount -t cgroup2 groups /run/groups
      mkdir /run/groups/%1$s
      [ -d "$at" ] || { mount -t tmpfs own /sys/fs/cgroup; mkdir -p "$at"; }
      mount --bind /run/groups/%1$s "$at"
      umount /run/groups
      mount --bind "$at" /run/groups
      ip netns add first
      ip netns delete first # leaves iproute2's folder
      mkdir -p /run/mount
      touch /run/mount/utab /run/mount/utab.lock # as mount(8) leaves them
      """;

  private static final String GROUPS_GONE =
      """
      at=$(awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup2") { print $5; exit } }' /proc/self/mountinfo)
      umount "$at" /run/groups
      mount -t cgroup2 groups /run/groups
      rmdir /run/groups/%s
      """;

  private static final String MORE =
      """
      echo '# namespaces'; ip netns list
      echo '# mount(8)'; cat /run/mount/utab
      echo '# groups'; find /run/groups -type d
      """;

  /** In the environment of all that a demo starts. */
  private final String mark = Installation.randomName("naru-test-" + run() + "-");

  private TestHost host;
  private String before = "";

  /** By which bin/test tells what a living run made from what a dead one left. */
  private static String run() {
    return System.getenv()
        .getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
  }

  @BeforeAll
  void up() {
    Progress.say("a host for the demo");
    host = TestHost.make("demo");
    host.shell(OWN_GROUPS.formatted(mark));
    before = state();
    assertThat(before).contains("/run/groups/cgroup.procs");
  }

  @AfterAll
  void down() {
    if (host != null) {
      host.naru("lab", "down", "--all").tryRun();
      host.shell(GROUPS_GONE.formatted(mark));
      host.close();
    }
  }

  private String state() {
    return HostState.everything(host) + host.shell(MORE);
  }

  private Process demo(String log, String... story) {
    List<String> words = new ArrayList<>(List.of("demo", "--fast"));
    words.addAll(List.of(story));
    // A test that runs in the background may have inherited that Ctrl-C is ignored.
    List<String> all = new ArrayList<>(List.of("env", "--default-signal=INT"));
    all.addAll(Installation.words(words.toArray(String[]::new)));
    return host.start(Map.of("NARU_TEST_MARK", mark), log, all);
  }

  private void awaitText(Process demo, String log, String text) {
    TestLab.within(WHOLE_STORY).until(() -> host.log(log).contains(text) || !demo.isAlive());
    assertThat(host.log(log)).contains(text);
    assertThat(demo.isAlive()).as("it is in the middle").isTrue();
  }

  /** The processes that a demo started, wherever they are, and the demo itself. */
  private List<String> processes() {
    try (Stream<Path> all = Files.list(Path.of("/proc"))) {
      return all.filter(process -> process.getFileName().toString().matches("[0-9]+"))
          .filter(this::isMarked)
          .map(Path::toString)
          .toList();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private boolean isMarked(Path process) {
    try {
      byte[] environment = Files.readAllBytes(process.resolve("environ"));
      return new String(environment, StandardCharsets.ISO_8859_1)
          .contains("NARU_TEST_MARK=" + mark);
    } catch (IOException gone) {
      return false;
    }
  }

  private void assertNothingIsLeft(String log) {
    assertThat(HostState.difference(before, state())).as(host.log(log)).isEmpty();
    // A process that was killed is there until the kernel has taken it apart.
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(() -> assertThat(processes()).as("processes").isEmpty());
  }

  @Test
  @Order(1)
  void aDemoThatWasKilledIsRemovedByLabDown() {
    Process demo = demo("killed.log");
    awaitText(demo, "killed.log", "all paths are proved: ");
    assertThat(processes()).hasSizeGreaterThan(5);
    TestHost.kill(demo);
    assertThat(HostState.difference(before, state())).as("what a crash leaves").isNotEmpty();
    assertThat(processes()).isNotEmpty();
    host.naru("lab", "down", "--name", "naru-demo").run();
    assertNothingIsLeft("killed.log");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Three nodes", "the agent of node1 answers", "naru lab break"})
  @Order(2)
  void anInterruptedDemoCleansUp(String moment) {
    String log = "interrupted-" + moment.replace(' ', '-') + ".log";
    Process demo = demo(log);
    awaitText(demo, log, moment);
    Command.of("kill", "-INT", "" + demo.pid()).run();
    TestLab.within(WHOLE_STORY).until(() -> !demo.isAlive());
    assertThat(demo.exitValue()).as(host.log(log)).isNotZero();
    assertNothingIsLeft(log);
  }

  @Test
  @Order(3)
  void aDemoAfterOneThatWasKilledTellsBothIncidentsAndLeavesNothing() {
    Process killed = demo("early.log");
    awaitText(killed, "early.log", "the agent of node1 answers");
    TestHost.kill(killed);

    Process demo = demo("whole.log");
    TestLab.within(WHOLE_STORY).until(() -> !demo.isAlive());
    String told = host.log("whole.log");
    assertThat(demo.exitValue()).as(told).isZero();
    assertNothingIsLeft("whole.log");
    assertStory(told);
  }

  @ParameterizedTest
  @CsvSource({
    "incident-dns, NARU-UNDERLAY-PORT-BLOCKED, packets to port 53 that left node1: 0",
    "incident-worker, NARU-UNDERLAY-ALL-UDP-BLOCKED, Could not resolve host: credentials.example",
  })
  @Order(4)
  void anIncidentIsToldWithRealNamesAndLeavesNothing(String story, String verdict, String told) {
    String log = story + ".log";
    Process demo = demo(log, story);
    TestLab.within(WHOLE_STORY).until(() -> !demo.isAlive());
    assertThat(demo.exitValue()).as(host.log(log)).isZero();
    assertNothingIsLeft(log);
    assertThat(host.log(log)).contains(verdict, told, "━━ The end");
  }

  @Test
  @Order(4)
  void aStoryThatIsInterruptedLeavesNothing() {
    Process demo = demo("story.log", "incident-worker");
    awaitText(demo, "story.log", "the credentials");
    Command.of("kill", "-INT", "" + demo.pid()).run();
    TestLab.within(WHOLE_STORY).until(() -> !demo.isAlive());
    assertThat(demo.exitValue()).as(host.log("story.log")).isNotZero();
    assertNothingIsLeft("story.log");
  }

  private static void assertStory(String told) {
    assertThat(told)
        .as("pods talk over VXLAN and over direct routing")
        .containsPattern(
            "(?s)3 received, 0% packet loss.*dev naru-vxlan.*3 received, 0%.*dev eth0");
    int first = told.indexOf("first incident");
    int second = told.indexOf("second incident");
    assertThat(first).isPositive();
    assertThat(second).isGreaterThan(first);
    String one = told.substring(first, second);
    assertThat(one).as("the doctor's verdict").contains("NARU-UNDERLAY-PORT-BLOCKED");
    assertThat(told.substring(second)).contains("NARU-UNDERLAY-ALL-UDP-BLOCKED");
    String two = told.substring(second);
    for (String incident : List.of(one, two)) {
      assertThat(incident)
          .contains("100% packet loss")
          .containsPattern(row("node1", "node2"))
          .containsPattern("(?s)healthy again: after.* 0% packet loss");
    }
    assertThat(one)
        .as("the fabric's counter")
        .containsPattern("(?m)^underlay-port-blocked +node1 +node2 +[1-9][0-9]* ");
    assertThat(one).as("the other direction works").doesNotContainPattern(row("node2", "node1"));
    assertThat(two).containsPattern(row("node2", "node1"));
  }

  /** A broken path in the list, with the taps between which its probes are lost. */
  private static String row(String from, String to) {
    return "(?m)^%1$s +%2$s +vxlan +broken +\\S+ +%1$s/nic +%2$s/nic( |$)".formatted(from, to);
  }
}
