package io.naru.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A plain host, not a lab's node: a network namespace with a mount namespace, where /run and
 * /var/lib are its own, and a host name; more by {@link HostKind}. Closing it ends all that was
 * started on it.
 */
final class TestHost implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final String name;
  private final HostKind kind;
  private final String namespace;
  private final Path logs;
  private final List<Process> started = new CopyOnWriteArrayList<>();
  private ProcessHandle holder;
  private boolean closed;

  private TestHost(String name, HostKind kind, String namespace, Path logs) {
    this.name = name;
    this.kind = kind;
    this.namespace = namespace;
    this.logs = logs;
  }

  static TestHost make(String name) {
    return make(name, HostKind.PLAIN);
  }

  static TestHost make(String name, HostKind kind) {
    try {
      String run =
          System.getenv()
              .getOrDefault("NARU_TEST_RUN", Long.toString(ProcessHandle.current().pid()));
      String namespace = Installation.randomName("naru-test-" + run + "-");
      TestHost host = new TestHost(name, kind, namespace, Files.createTempDirectory("naru-e2e"));
      Runtime.getRuntime().addShutdownHook(new Thread(host::close));
      Command.of("ip", "netns", "add", namespace).run();
      try {
        host.holder = host.hold();
        return host;
      } catch (IOException | RuntimeException | Error failed) {
        host.close();
        throw failed;
      }
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private ProcessHandle hold() throws IOException {
    Process process =
        new ProcessBuilder(kind.start(namespace, name))
            .redirectError(logs.resolve("host.log").toFile())
            .start();
    started.add(process);
    try (var output = process.inputReader(StandardCharsets.UTF_8)) {
      if (!"ready".equals(output.readLine())) {
        throw new AssertionError(name + ": " + Files.readString(logs.resolve("host.log")));
      }
    }
    return kind.holder(process);
  }

  /** Joins two hosts by one veth pair, and nothing else. */
  static void connect(TestHost first, TestHost second) {
    Command.of(
            List.of(
                "ip",
                "link",
                "add",
                "eth0",
                "netns",
                first.namespace,
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                second.namespace))
        .run();
    first.shell("ip addr add 192.0.2.1/24 dev eth0 && ip link set eth0 up");
    second.shell("ip addr add 192.0.2.2/24 dev eth0 && ip link set eth0 up");
    for (TestHost host : List.of(first, second)) {
      TestLab.within(TestLab.LONGEST)
          .until(() -> host.shell("ip link show eth0; ip -6 route").contains("state UP"));
    }
  }

  String name() {
    return name;
  }

  List<String> inside(List<String> words) {
    List<String> all = new ArrayList<>(kind.enter(holder.pid()));
    all.addAll(words);
    return all;
  }

  Command naru(String... arguments) {
    return Command.of(inside(Installation.words(arguments)));
  }

  /** Runs a shell's text on the host; fails unless it succeeds. */
  String shell(String script) {
    return Command.of(inside(List.of("bash", "-c", script))).run().out();
  }

  /** Starts a program that goes on; its process is the program's own. */
  Process start(Map<String, String> environment, String log, List<String> words) {
    try {
      ProcessBuilder builder =
          new ProcessBuilder(kind.endingWithTest(inside(words)))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(logs.resolve(log).toFile()));
      builder.environment().putAll(environment);
      Process process = builder.start();
      started.add(process);
      return process;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Process startAgent(String... options) {
    return startAgent(Map.of(), options);
  }

  Process startAgent(Map<String, String> environment, String... options) {
    List<String> words = new ArrayList<>(Installation.words("agent"));
    words.addAll(List.of(options));
    Map<String, String> all = new HashMap<>(environment);
    all.put("NARU_TEST_LOST_POD_SECONDS", "30"); // a user's agent waits longer
    return start(all, "agent.log", words);
  }

  /** Starts the server and waits until its socket is there. */
  Process startServer() {
    Process server = start(Map.of(), "server.log", Installation.words("server"));
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () -> {
              if (!Files.exists(file("/run/naru/server.sock")) || !server.isAlive()) {
                throw new AssertionError("no server on " + name + ": " + log("server.log"));
              }
            });
    return server;
  }

  String log(String log) {
    try {
      return Files.readString(logs.resolve(log));
    } catch (IOException none) {
      return "no log";
    }
  }

  /** One name for all that this host leaves outside its namespaces. */
  String mark() {
    return namespace;
  }

  /** A file of this host, as seen from outside. */
  Path file(String path) {
    return Path.of("/proc/" + holder.pid() + "/root" + path);
  }

  /** What the agent says of itself; empty where none answers. */
  Optional<JsonNode> status() {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(file("/run/naru/agent.sock")));
      channel.write(
          ByteBuffer.wrap("{\"operation\":\"status\"}\n".getBytes(StandardCharsets.UTF_8)));
      try (var lines = Channels.newReader(channel, StandardCharsets.UTF_8)) {
        String line = new java.io.BufferedReader(lines).readLine();
        return Optional.ofNullable(line).map(JSON::readTree).map(reply -> reply.path("result"));
      }
    } catch (IOException nobody) {
      return Optional.empty();
    }
  }

  /** Waits until the agent is ready and knows so many peers. */
  JsonNode awaitReady(int peers) {
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () -> {
              if (!isReady(peers)) {
                throw new AssertionError(
                    "the agent of %s is not ready: %s%n%s"
                        .formatted(name, status(), log("agent.log")));
              }
            });
    return status().orElseThrow();
  }

  boolean isReady(int peers) {
    return status()
        .filter(status -> status.path("state").asString("").equals("ready"))
        .filter(status -> status.path("peers").asInt() == peers)
        .isPresent();
  }

  /** Ends a program by SIGTERM and waits for its end. */
  static void stop(Process process) {
    HostKind.program(process).destroy();
    ended(process);
  }

  /** Ends a program by SIGKILL. */
  static void kill(Process process) {
    HostKind.program(process).destroyForcibly();
    ended(process);
  }

  static void ended(Process process) {
    try {
      if (!process.waitFor(20, TimeUnit.SECONDS)) {
        throw new AssertionError("still runs: " + process.info());
      }
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
    }
  }

  /** A namespace that the CNI plugin wires when it is called by hand. */
  HandMadePod pod(String id) {
    Process process =
        start(Map.of(), id + ".log", List.of("unshare", "--net", "sleep", "infinity"));
    String namespace = "/proc/" + process.pid() + "/ns/net";
    TestLab.within(TestLab.LONGEST).until(() -> isOwn(namespace));
    HandMadePod pod = new HandMadePod(this, id, process, namespace);
    pod.add();
    return pod;
  }

  private boolean isOwn(String namespaceFile) {
    try {
      Path hosts = Path.of("/proc/" + holder.pid() + "/ns/net");
      Path own = Path.of("/proc/self/ns/net");
      Path now = Files.readSymbolicLink(Path.of(namespaceFile));
      return !now.equals(Files.readSymbolicLink(hosts)) && !now.equals(Files.readSymbolicLink(own));
    } catch (IOException notYet) {
      return false;
    }
  }

  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    for (Process process : started.reversed()) {
      process.destroyForcibly();
      ended(process);
    }
    Command.of("ip", "netns", "delete", namespace).tryRun();
    ControlGroups.remove(namespace);
    Command.of("rm", "-rf", logs.toString()).tryRun();
  }
}
