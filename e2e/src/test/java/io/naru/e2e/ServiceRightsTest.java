package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The daemons run with the capabilities that the installed units give them, on a root that is
 * read-only to them; and without any one of these something fails.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServiceRightsTest {
  /** Those whose absence a test here notices. */
  private static final Set<String> MISSED =
      Set.of(
          "CAP_NET_ADMIN",
          "CAP_NET_BIND_SERVICE",
          "CAP_NET_RAW",
          "CAP_SYS_ADMIN",
          "CAP_SYS_PTRACE");

  /** Probes, which go to that port, reach the host, and then nobody. */
  private static final String DROP_PROBES =
      "nft 'table inet refused { chain input { type filter hook input priority -10;"
          + " udp dport 8473 drop; }; }'";

  private static final String READ_ONLY =
      "for tree in / /etc /opt; do mount -o remount,bind,ro \"$tree\"; done; exec \"$@\"";

  private static final String TOKEN = "/run/token";

  private TestHost first;
  private TestHost second;
  private Set<String> agentRights;
  private Process agent;

  @BeforeAll
  void up(@TempDir Path image) throws IOException {
    Progress.say("daemons with the rights of their units");
    Files.createDirectories(image.resolve("etc/systemd/system"));
    Command.of(Installation.words("install", "--server", "--root", image.toString())).run();
    agentRights = rights(image, "agent");
    first = TestHost.make("host1");
    second = TestHost.make("host2");
    TestHost.connect(first, second);
    for (TestHost host : List.of(first, second)) {
      host.shell("mount --make-rshared / && mkdir -p /run/naru /var/lib/naru");
    }
    start(first, "server", rights(image, "server"));
    TestLab.within(TestLab.LONGEST).until(() -> Files.exists(first.file("/run/naru/server.sock")));
    start(first, "agent", agentRights);
    first.awaitReady(0);
    Files.writeString(second.file(TOKEN), first.naru("token", "create").run().out());
    agent = start(second, "agent", agentRights, "--join-file", TOKEN);
    second.awaitReady(1);
    Files.delete(second.file(TOKEN)); // its services' command lines name it for ever
    TestHost.stop(agent);
  }

  @AfterEach
  void stopTheSecondAgent() {
    if (agent.isAlive()) {
      TestHost.stop(agent);
    }
    second.shell("nft delete table inet refused 2>&1 || true");
  }

  @AfterAll
  void down() {
    for (TestHost host : new TestHost[] {second, first}) {
      if (host != null) {
        host.close();
      }
    }
  }

  private static Set<String> rights(Path image, String daemon) throws IOException {
    String key = "CapabilityBoundingSet=";
    String value =
        Files.readAllLines(image.resolve("etc/systemd/system/naru-" + daemon + ".service")).stream()
            .filter(line -> line.startsWith(key))
            .findFirst()
            .orElseThrow()
            .substring(key.length());
    return value.isEmpty() ? Set.of() : Set.of(value.split(" "));
  }

  /**
   * As its unit starts it: with these rights and no way to more, and nothing but two directories.
   */
  private static Process start(
      TestHost host, String daemon, Set<String> rights, String... arguments) {
    StringBuilder bounds = new StringBuilder("-all");
    for (String right : new TreeSet<>(rights)) {
      bounds.append(",+").append(right.substring("CAP_".length()).toLowerCase(Locale.ROOT));
    }
    List<String> words =
        new ArrayList<>(
            List.of("unshare", "--mount", "--propagation", "slave", "bash", "-euc", READ_ONLY));
    words.addAll(List.of(daemon, "setpriv", "--bounding-set", bounds.toString()));
    words.addAll(List.of("--inh-caps", "-all", "--no-new-privs", "--"));
    words.addAll(Installation.words(daemon));
    words.addAll(List.of(arguments));
    return host.start(Map.of(), daemon + ".log", words);
  }

  private void startSecond(Set<String> rights) {
    agent = start(second, "agent", rights, "--join-file", TOKEN);
  }

  private Set<String> without(String right) {
    Set<String> rest = new TreeSet<>(agentRights);
    assertThat(rest.remove(right)).isTrue();
    return rest;
  }

  @Test
  void noMoreIsGivenThanIsMissed() {
    assertThat(agentRights).isEqualTo(MISSED);
  }

  @Test
  void withThemPodsTalkAndWhatIsBrokenIsRepaired() {
    startSecond(agentRights);
    second.awaitReady(1);
    first.awaitReady(1);
    HandMadePod one = first.pod("one");
    HandMadePod two = second.pod("two");
    assertThat(one.pings(two)).isTrue();
    second.shell("ip netns add later"); // a mount that was made after the agent's start
    HandMadePod later = new HandMadePod(second, "later", two.process(), "/run/netns/later");
    later.add();
    assertThat(one.shell(Traffic.ping(address(later))).succeeded()).isTrue();
    second.shell(
        "sysctl -q -w net.ipv4.ip_forward=0; nft delete table inet naru; ip route flush proto 72");
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(() -> assertThat(one.pings(two) && two.pings(one)).isTrue());
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(() -> assertThat(second.shell("nft list tables")).contains("inet naru"));
    for (HandMadePod pod : List.of(two, later)) {
      pod.remove();
    }
    assertThat(second.shell("ip -o link show type veth")).doesNotContain("naru");
  }

  private static String address(HandMadePod pod) {
    return pod.host()
        .shell("ip -n later -4 -o addr show dev eth0")
        .replaceAll("(?s).*inet ([0-9.]+)/.*", "$1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"CAP_NET_ADMIN", "CAP_SYS_ADMIN"})
  void withoutItNoAgentStarts(String right) {
    startSecond(without(right));
    TestHost.ended(agent);
    assertThat(agent.exitValue()).as(second.log("agent.log")).isEqualTo(3);
  }

  @Test
  void withoutPtraceNoProcessIsFollowedIntoItsNamespace() {
    startSecond(without("CAP_SYS_PTRACE"));
    second.awaitReady(1);
    assertThatThrownBy(() -> second.pod("hidden"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("CNI_COMMAND=ADD")
        .hasMessageContaining("/ns/net does not exist");
  }

  @Test
  void withRawSocketsItSeesHowFarAProbeCame() {
    startSecond(agentRights);
    dropProbes();
    // The first word may be the sender's alone: the receiver's taps open when it is in doubt.
    awaitState("broken", place -> place.startsWith("host2/"));
  }

  @Test
  void withoutRawSocketsItSeesNone() {
    startSecond(without("CAP_NET_RAW"));
    dropProbes();
    assertThat(awaitState("broken", place -> !place.isEmpty()).lastSeen()).startsWith("host1/");
  }

  @Test
  void withoutTheRightToLowPortsItSaysThatItAnswersNoNames() {
    startSecond(without("CAP_NET_BIND_SERVICE"));
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () ->
                assertThat(second.naru("status", "-o", "json").run().json().path("failures"))
                    .anySatisfy(
                        failure ->
                            assertThat(failure.asString()).contains("names are not answered")));
  }

  private void dropProbes() {
    second.awaitReady(1);
    awaitState("healthy", place -> true);
    second.shell(DROP_PROBES);
  }

  /** The path to the second host, by the first host's word, when it is so and last seen there. */
  private PathSight awaitState(String state, Predicate<String> lastSeen) {
    return TestLab.within(TestLab.LONGEST)
        .until(
            () ->
                PathSight.where(
                    PathSight.all(first.naru("path", "list", "-o", "json").run().json()),
                    row ->
                        row.direction().equals("host1>host2")
                            && row.state().equals(state)
                            && lastSeen.test(row.lastSeen())),
            rows -> !rows.isEmpty())
        .getFirst();
  }
}
