package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import tools.jackson.databind.JsonNode;

/**
 * What a container runtime may expect of Naru: pods come, restart and go, one and many at a time,
 * and whoever is killed in the middle, nothing stays behind. One host has the runtime, another one
 * a pod that must be answered.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
abstract class RuntimeContract {
  private static final int SOME = 8;
  private static final int MANY = 100;

  /** A pod that stands from the beginning to the end, whatever happens. */
  private static final String RESIDENT = "resident";

  private static final String LEASES = "/var/lib/naru/pods";

  /** What no runtime knows of any more goes after a while: see docs/runtimes.md. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(60);

  private static final String NAMESPACES = "echo '# namespaces'; ls /run/netns\n";

  /** Those with a pod's interface. */
  private static final String NAMESPACES_IN_USE =
      """
      echo '# namespaces'
      cd /run/netns
      for name in *; do
        if nsenter --net="$name" ip -o link 2>/dev/null | grep -q ': eth0@'; then echo "$name"; fi
      done
      """;

  private TestHost host;
  private TestHost other;
  private PodRuntime runtime;
  private Process agent;
  private HandMadePod far;
  private String without = "";

  abstract PodRuntime runtimeOn(TestHost host);

  @BeforeAll
  void up() {
    host = TestHost.make("host1", HostKind.FOR_RUNTIMES);
    other = TestHost.make("host2");
    TestHost.connect(host, other);
    host.startServer();
    agent = host.startAgent();
    host.awaitReady(0);
    other.startAgent("--join", host.naru("token", "create").run().out().strip());
    other.awaitReady(1);
    host.awaitReady(1);
    far = other.pod("far");
    RuntimeFiles.installPlugin(host);
    runtime = runtimeOn(host);
    runtime.start();
    runtime.create(RESIDENT);
    allAnswer(Set.of());
    without = state();
    say("two hosts, one pod");
  }

  @AfterAll
  void down() {
    for (TestHost one : new TestHost[] {other, host}) {
      if (one != null) {
        one.close();
      }
    }
  }

  private void say(String what) {
    Progress.say(runtime + ": " + what);
  }

  private String state() {
    return HostState.kernel(host)
        + host.shell(runtime.losesNamespaces() ? NAMESPACES_IN_USE : NAMESPACES)
        + "# leases\n"
        + String.join("\n", leaseFiles());
  }

  private static List<String> names(String prefix, int count) {
    return IntStream.range(0, count).mapToObj(i -> prefix + i).toList();
  }

  /** The addresses that the agent gave, by pod; none twice. */
  private Map<String, String> leases() {
    Map<String, String> leases = new TreeMap<>();
    for (JsonNode row : host.naru("pod", "list", "-o", "json").run().json()) {
      String pod = row.path("name").asString();
      assertThat(leases.put(pod, row.path("addresses").path(0).asString())).as(pod).isNull();
    }
    assertThat(leases.values()).doesNotHaveDuplicates();
    return leases;
  }

  /**
   * Only those pods stand, and the resident one. The runtime and the agent agree on the addresses,
   * and each answers from near and far.
   */
  private void allAnswer(Set<String> others) {
    Map<String, String> leases = leases();
    Set<String> pods = new HashSet<>(others);
    pods.add(RESIDENT);
    assertThat(leases).containsOnlyKeys(pods);
    for (String pod : pods.stream().limit(SOME).toList()) {
      assertThat(runtime.address(pod)).as(pod).isEqualTo(leases.get(pod));
    }
    String pings =
        leases.values().stream()
            .map(address -> "{ %s >/dev/null || echo %s; } &".formatted(ping(address), address))
            .collect(Collectors.joining("\n", "", "\nwait"));
    assertThat(host.shell(pings)).as("no answer to the node").isBlank();
    assertThat(far.shell(pings).out()).as("no answer to a pod on another node").isBlank();
  }

  private static String ping(String address) {
    return "ping -n -q -c 1 -W 5 " + address;
  }

  private void awaitNothingLeft(Duration longest) {
    TestLab.within(longest)
        .untilAsserted(
            () ->
                assertThat(HostState.difference(without, state()))
                    .as(host.log("agent.log"))
                    .isEmpty());
  }

  @Test
  @Order(1)
  void aPodIsMadeAndRemoved() {
    runtime.create("one");
    allAnswer(Set.of("one"));
    runtime.remove("one");
    awaitNothingLeft(TestLab.LONGEST);
  }

  @Test
  @Order(2)
  void aPodThatIsRestartedHasOneAddress() {
    runtime.create("one");
    runtime.restart("one");
    allAnswer(Set.of("one"));
    runtime.restart("one");
    allAnswer(Set.of("one"));
    runtime.remove("one");
    awaitNothingLeft(TestLab.LONGEST);
  }

  @Test
  @Order(3)
  void aPodThatDiedIsRemoved() {
    runtime.create("one");
    runtime.killFirstProcess("one");
    TestLab.within(TestLab.LONGEST).until(() -> runtime.hasEnded("one"));
    runtime.remove("one");
    awaitNothingLeft(TestLab.LONGEST);
  }

  @Test
  @Order(4)
  void eightAtOnce() {
    atOnce(SOME);
  }

  private void atOnce(int count) {
    List<String> pods = names("many", count);
    InParallel.run(pods, runtime::create);
    say(count + " pods stand");
    allAnswer(Set.copyOf(pods));
    runtime.removeAllBut(RESIDENT);
    awaitNothingLeft(TestLab.LONGEST);
    say(count + " pods are gone");
  }

  @Test
  @Order(5)
  void theRuntimeIsKilledInTheMiddle() {
    inTheMiddle(
        () -> {
          runtime.kill();
          runtime.start();
        },
        () -> {});
  }

  @Test
  @Order(6)
  void theAgentIsKilledInTheMiddle() {
    inTheMiddle(
        () -> {
          TestHost.kill(agent);
          agent = host.startAgent();
        },
        () -> {});
  }

  @Test
  @Order(7)
  void bothAreKilledInTheMiddle() {
    inTheMiddle(
        () -> {
          TestHost.kill(agent);
          runtime.kill();
          runtime.start();
          agent = host.startAgent();
        },
        () -> runtime.resume());
  }

  /** While one pod stands and others are being made. */
  private void inTheMiddle(Runnable fault, Runnable afterwards) {
    int standing = leaseFiles().size();
    Set<String> made = ConcurrentHashMap.newKeySet();
    Thread faults =
        Thread.ofVirtual()
            .start(
                () -> {
                  TestLab.within(TestLab.LONGEST)
                      .pollInterval(Duration.ofMillis(1))
                      .until(() -> leaseFiles().size() > standing + 2);
                  fault.run();
                });
    List<Throwable> failures =
        InParallel.failures(
            names("middle", SOME),
            pod -> {
              runtime.create(pod);
              made.add(pod);
            });
    join(faults);
    host.awaitReady(1);
    afterwards.run();
    say("%d of %d pods were made in spite of it".formatted(SOME - failures.size(), SOME));
    // What the runtime was told to stand does so.
    assertThat(leases().keySet()).contains(RESIDENT).containsAll(made);
    runtime.removeAllBut(RESIDENT);
    assertThat(runtime.pods()).containsExactly(RESIDENT);
    awaitNothingLeft(FORGOTTEN);
    allAnswer(Set.of());
    say("nothing is left");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private List<String> leaseFiles() {
    return List.of(Objects.requireNonNullElse(host.file(LEASES).toFile().list(), new String[0]));
  }

  @Test
  @Order(8)
  void aHundredAtOnce() {
    atOnce(MANY);
  }
}
