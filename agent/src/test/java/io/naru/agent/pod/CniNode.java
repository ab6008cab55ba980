package io.naru.agent.pod;

import io.naru.agent.TestNamespace;
import io.naru.agent.api.ApiServer;
import io.naru.agent.api.Reports;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.PathBook;
import io.naru.core.cluster.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A node whose agent answers on its socket, and the real CNI program to ask it. */
final class CniNode implements AutoCloseable {
  private static final Path PROGRAM = Path.of("target/naru-cni-under-test").toAbsolutePath();

  private final Path directory;
  final TestNode node;
  private FilterTables filters;
  private ApiServer server;

  CniNode(Path directory) {
    this.directory = directory;
    this.node = new TestNode(directory.resolve("pods"));
    this.server = serve();
  }

  /** Compiles the program; once for a class of tests. */
  static void compile() throws IOException, InterruptedException {
    Process compiler =
        new ProcessBuilder("sh", "../cni/src/main/sh/compile.sh", PROGRAM.toString(), "-O1")
            .inheritIO()
            .start();
    if (compiler.waitFor() != 0) {
      throw new AssertionError("the CNI program does not compile");
    }
  }

  private ApiServer serve() {
    Pause pause = new Pause(directory.resolve("paused"), () -> {}, InstantSource.system());
    filters = FilterTables.open(directory);
    Reports reports =
        new Reports(
            new NodeName("node1"),
            "test",
            new ClusterMemory(directory.resolve("cluster.json"), touched -> {}),
            () -> Pass.NONE,
            pause,
            new PathBook(() -> 0, () -> 1),
            new LeaseBook(directory.resolve("no-pods")),
            filters);
    return ApiServer.start(
        socket(),
        reports,
        node.network,
        pause,
        () -> {
          throw new IllegalStateException("nobody examines here");
        },
        List::of,
        () -> {
          throw new IllegalStateException("nobody traces here");
        });
  }

  private Path socket() {
    return directory.resolve("agent.sock");
  }

  /** The agent goes, and its socket. */
  void stopAgent() {
    server.close();
    filters.close();
  }

  /** Another agent comes, which knows only what the kernel and the files say. */
  void startAgent() {
    node.restart().clean();
    server = serve();
  }

  TestNamespace pod() {
    return node.pod();
  }

  TestNamespace namespace() {
    return node.namespace();
  }

  CniPlugin naru() {
    return new CniPlugin(
        PROGRAM, node.namespace(), Map.of("NARU_AGENT_SOCKET", socket().toString()));
  }

  CniPlugin naru(TestNamespace pod) {
    return naru().of(pod, "eth0");
  }

  static String configuration(String version, String more) {
    return "{\"cniVersion\":\""
        + version
        + "\",\"name\":\"naru\",\"type\":\"naru-cni\""
        + more
        + "}";
  }

  static String configuration(String more) {
    return configuration("1.1.0", more);
  }

  /** Like {@link #configuration(String)} with the result of an ADD. */
  static String after(String version, CniPlugin.Outcome added) {
    return configuration(version, ",\"prevResult\":" + added.output());
  }

  /** What pods leave on a node: nothing, when all are gone. */
  List<String> leftOvers() throws IOException {
    List<String> found =
        Stream.of(
                namespace().run("ip -o link show type veth"),
                namespace().run("ip route show proto 72; ip -6 route show proto 72"))
            .flatMap(String::lines)
            .toList();
    if (!found.isEmpty() || !Files.exists(node.directory())) {
      return found;
    }
    try (Stream<Path> files = Files.list(node.directory())) {
      return files.map(Path::toString).toList();
    }
  }

  @Override
  public void close() {
    server.close();
    filters.close();
    node.close();
  }
}
