package io.naru.e2e;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionFactory;
import tools.jackson.databind.JsonNode;

/** A lab under a random name, made and asked through the program; closing it takes it down. */
final class TestLab implements AutoCloseable {
  static final Duration LONGEST = Duration.ofSeconds(20);

  private final String name;
  private final int nodes;
  private boolean down;
  private final Map<String, List<String>> pods = new HashMap<>();

  private TestLab(String name, int nodes) {
    this.name = name;
    this.nodes = nodes;
  }

  static TestLab up(int nodes, String... options) {
    TestLab lab = new TestLab(Installation.randomName("te"), nodes);
    Progress.say("lab %s up: %d nodes %s".formatted(lab.name, nodes, String.join(" ", options)));
    List<String> words = new ArrayList<>(List.of("lab", "up", "--name", lab.name));
    words.addAll(List.of("--nodes", "" + nodes));
    words.addAll(List.of(options));
    // Also where the run is broken off, nothing is left.
    Runtime.getRuntime().addShutdownHook(new Thread(lab::close));
    try {
      Installation.naru(words.toArray(String[]::new)).run();
      return lab;
    } catch (AssertionError failed) {
      try {
        lab.close();
      } catch (AssertionError notThere) {
        failed.addSuppressed(notThere);
      }
      throw failed;
    }
  }

  String name() {
    return name;
  }

  /** Asks for a list: {@code path list}, {@code tunnel list}, {@code status} and the like. */
  JsonNode ask(String... question) {
    List<String> words = new ArrayList<>(List.of(question));
    words.addAll(List.of("--lab", name, "-o", "json"));
    return Installation.naru(words.toArray(String[]::new)).run().json();
  }

  List<PathSight> paths() {
    return PathSight.all(ask("path", "list"));
  }

  /** A poll of the lists, twice a second. */
  static ConditionFactory within(Duration longest) {
    return await()
        .pollInSameThread()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(300))
        .atMost(longest);
  }

  /** Waits until every ordered pair of nodes has a path, and all are healthy. */
  void awaitAllHealthy(Duration longest) {
    within(longest)
        .untilAsserted(
            () -> {
              List<PathSight> rows = paths();
              if (rows.size() != nodes * (nodes - 1)
                  || rows.stream().anyMatch(row -> !row.state().equals("healthy"))) {
                throw new AssertionError("not all paths are healthy: " + rows);
              }
            });
  }

  /** Makes a pod and remembers its addresses. */
  void pod(String pod, String node) {
    Installation.naru("lab", "pod", "run", pod, "--node", node, "--name", name).run();
    for (JsonNode row : ask("lab", "status").path("pods")) {
      if (row.path("name").asString().equals(pod)) {
        List<String> addresses = new ArrayList<>();
        row.path("addresses").forEach(address -> addresses.add(address.asString()));
        pods.put(pod, List.copyOf(addresses));
      }
    }
  }

  List<String> addresses(String pod) {
    return pods.get(pod);
  }

  String address(String pod) {
    return addresses(pod).getFirst();
  }

  /** Runs a shell's text in a node, a pod, world or fabric. */
  Command.Result exec(String target, String script) {
    return Installation.naru("lab", "exec", "--name", name, target, "--", "bash", "-c", script)
        .tryRun();
  }

  String output(String target, String script) {
    Command.Result result = exec(target, script);
    if (!result.succeeded()) {
      throw new AssertionError(result.told());
    }
    return result.out().strip();
  }

  /** Whether one of three pings is answered. */
  boolean pings(String from, String address) {
    return exec(from, Traffic.ping(address)).succeeded();
  }

  void breakPath(String fault, String from, String to) {
    List<String> words = new ArrayList<>(List.of("lab", "break", fault, "--name", name));
    if (!from.isEmpty()) {
      words.addAll(List.of("--from", from));
    }
    if (!to.isEmpty()) {
      words.addAll(List.of("--to", to));
    }
    Installation.naru(words.toArray(String[]::new)).run();
  }

  void heal() {
    Installation.naru("lab", "heal", "--name", name).run();
  }

  /** Packets that the standing fault of that name dropped. */
  long hits(String fault) {
    for (JsonNode row : ask("lab", "status").path("faults")) {
      if (row.path("fault").asString().equals(fault)) {
        return row.path("hits").asLong();
      }
    }
    throw new AssertionError("the lab's status does not name the fault " + fault);
  }

  @Override
  public synchronized void close() {
    if (down) {
      return;
    }
    down = true;
    Progress.say("lab " + name + " down");
    Installation.naru("lab", "down", "--name", name).run();
  }
}
