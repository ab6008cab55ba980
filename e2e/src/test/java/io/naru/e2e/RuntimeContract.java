package io.naru.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
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

  /** What no runtime knows of any more goes after a while: see docs/runtimes.md. */
  private static final Duration FORGOTTEN = Duration.ofSeconds(60);

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
    without = state();
    say("two hosts, one with it");
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
        + host.shell("echo '# leases'; ls /var/lib/naru/pods 2>/dev/null || true");
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

  /** The runtime and the agent agree on the addresses, and each answers from near and far. */
  private void allAnswer(Set<String> pods) {
    Map<String, String> leases = leases();
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
    runtime.removeAll();
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
    runtime.create("before");
    Set<String> made = new HashSet<>(Set.of("before"));
    Thread faults =
        Thread.ofVirtual()
            .start(
                () -> {
                  TestLab.within(TestLab.LONGEST)
                      .pollInterval(Duration.ofMillis(1))
                      .until(() -> leaseFiles() > 2);
                  fault.run();
                });
    List<Throwable> failures =
        InParallel.failures(
            names("middle", SOME),
            pod -> {
              runtime.create(pod);
              synchronized (made) {
                made.add(pod);
              }
            });
    join(faults);
    host.awaitReady(1);
    afterwards.run();
    say("%d of %d pods were made in spite of it".formatted(SOME - failures.size(), SOME));
    // What stood before, and what the runtime was told to stand, does so.
    Map<String, String> leases = leases();
    assertThat(leases).containsKeys(made.toArray(String[]::new));
    assertThat(host.shell(ping(leases.get("before")) + " >/dev/null && echo answered"))
        .startsWith("answered");
    runtime.removeAll();
    assertThat(runtime.pods()).isEmpty();
    awaitNothingLeft(FORGOTTEN);
    say("nothing is left");
  }

  private static void join(Thread thread) {
    try {
      thread.join();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  private long leaseFiles() {
    Path directory = host.file("/var/lib/naru/pods");
    try (Stream<Path> files = Files.list(directory)) {
      return files.count();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  @Order(8)
  void aHundredAtOnce() {
    atOnce(MANY);
  }
}
