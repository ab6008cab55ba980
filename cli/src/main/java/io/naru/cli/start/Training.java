package io.naru.cli.start;

import io.naru.api.AgentClient;
import io.naru.channel.TcpAddress;
import io.naru.channel.frame.Json;
import io.naru.channel.unix.UnixClient;
import io.naru.cli.command.NaruCommand;
import io.naru.core.address.InterfaceAddress;
import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeKind;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.NaruException;
import io.naru.lab.LabPrograms;
import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Runs what {@code naru} usually runs, so that the JVM keeps those classes in a cache: one for
 * commands, one for the server and one for agents, for a cache makes a start slower and a process
 * larger by the classes it has in vain. It ends by itself; what fails in it is only missing from
 * the cache.
 */
public final class Training {
  /** Much longer than a start takes on a busy machine, shorter than a user's patience. */
  private static final Duration PATIENCE = Duration.ofSeconds(40);

  private static final String LAB = "training";

  private static final String SERVER_ADDRESS = "127.0.0.1:7000";

  /** A file that tells the daemons that they have answered everything. */
  private static final String DONE = "done";

  private static final List<String> COMMANDS =
      List.of(
          "--version",
          "--help",
          "lab",
          "lab faults",
          "lab faults -o json",
          "lab faults -o yaml",
          // Only what reads: this may run beside a lab that someone uses.
          "lab status",
          "lab status -o json",
          "lab status --name no-such-lab");

  private static final List<String> QUESTIONS =
      List.of(
          "status",
          "status -o json",
          "node list",
          "node list -o json",
          "tunnel list",
          "tunnel list -o json",
          "path list",
          "path list -o wide",
          "path list -o json",
          "path list -o yaml",
          "pod list",
          "pod list -o json",
          "service list",
          "service list -o json");

  /** Changes of the services, one by one; afterwards there are none again. */
  private static final List<String> SERVICES =
      List.of(
          "service add one --port 80:8080 --backend 192.0.2.9",
          "service add two --port 53/udp --node-ports --backend 10.244.200.9",
          "service add one --port 80:8080 --backend 192.0.2.9,10.244.200.9",
          "service rm one two");

  private Training() {}

  /**
   * Arguments: {@code commands}, {@code server} or {@code agent}, and a directory that vanishes
   * afterwards; the three run at the same time, in a network namespace of their own with the
   * addresses 192.0.2.1 and 127.0.0.1, and with their own /run. Or only {@code commands}, anywhere.
   */
  public static void main(String[] arguments) throws IOException {
    Path directory = arguments.length < 2 ? null : Path.of(arguments[1]);
    if (directory != null && !arguments[0].equals("commands")) {
      if (arguments[0].equals("server")) {
        server(directory);
        comes(() -> Files.exists(directory.resolve(DONE)));
      } else {
        agent(directory);
        comes(
            () -> {
              NameQuestion.ask("one.default.svc.cluster.local");
              return Files.exists(directory.resolve(DONE));
            });
      }
    } else {
      COMMANDS.forEach(Training::run);
      if (directory != null) {
        comes(() -> !paths().isEmpty());
        changeServices(serverSocket(directory));
        standIn();
        QUESTIONS.forEach(question -> run(question + " --lab " + LAB));
        run("lab status --name " + LAB);
      }
      QUESTIONS.forEach(Training::run);
      if (directory != null) {
        Files.createFile(directory.resolve(DONE));
      }
    }
    System.exit(0); // ends the daemons' threads, and the cache is written
  }

  private static void changeServices(Path server) {
    for (String change : SERVICES) {
      run(change + " --socket " + server);
      // Each is a change of its own for the agent too.
      LockSupport.parkNanos(Duration.ofMillis(300).toNanos());
      run("service list");
    }
  }

  /** Leaves a lab's records as if one stood, with the one agent there is as its node's. */
  private static void standIn() throws IOException {
    Path lab = Path.of("/run/naru-lab", LAB);
    Path node = Files.createDirectories(lab.resolve("nodes").resolve("node1"));
    Files.writeString(
        node.resolve("holder"),
        ProcessIdentity.of(ProcessHandle.current().pid()).map(Object::toString).orElse(""));
    Files.writeString(
        lab.resolve("lab.json"),
        Json.write(
            Map.of(
                "id",
                LAB,
                "spec",
                new LabSpec(LAB, 1, 1, false, "vxlan", "auto", FirewallPolicy.OPEN),
                "programs",
                new LabPrograms(List.of("true"), Path.of("true")))));
  }

  private static void server(Path directory) throws IOException {
    Path configuration = directory.resolve("config.json");
    Files.writeString(configuration, "{\"transport\": \"vxlan\"}");
    start(
        "server --listen %s --data %s --socket %s --config %s"
            .formatted(
                SERVER_ADDRESS, directory.resolve("data"), serverSocket(directory), configuration));
  }

  private static void agent(Path directory) throws IOException {
    Path server = serverSocket(directory);
    if (!comes(() -> answers(server))) {
      return;
    }
    try (var store = new RemoteClusterStore(Connector.unix(server))) {
      Node peer = peer(store.configuration());
      store.claimExactPodCidrs(peer.name(), peer.podCidrs());
      store.publishNode(peer);
      start(
          "agent --name node1 --interface eth0 --server-socket %s --state %s --join %s"
              .formatted(
                  directory.resolve("none.sock"),
                  directory.resolve("agent"),
                  store
                      .createToken(List.of(TcpAddress.parse(SERVER_ADDRESS)), Duration.ofHours(1))
                      .encoded()));
    }
  }

  private static Path serverSocket(Path directory) {
    return directory.resolve("server.sock");
  }

  /** Addresses are those of documentation: RFC 5737. */
  private static Node peer(NetworkConfiguration network) {
    IpAddress address = IpAddress.parse("192.0.2.2");
    return new Node(
        new NodeName("node2"),
        NodeKind.AGENT,
        List.of(InterfaceAddress.parse("192.0.2.2/24")),
        List.of(address),
        MacAddress.parse("02:00:00:00:00:02"),
        network.vni(),
        network.vxlanPort(),
        network.agentPort(),
        List.of(Prefix.parse("10.244.200.0/24")));
  }

  private static List<?> paths() {
    try {
      return AgentClient.local().paths(false);
    } catch (NaruException notYet) {
      return List.of();
    }
  }

  private static boolean answers(Path socket) {
    try (var _ = UnixClient.connect(socket, "")) {
      return true;
    } catch (NaruException notYet) {
      return false;
    }
  }

  private static boolean comes(BooleanSupplier event) {
    long began = System.nanoTime();
    while (!event.getAsBoolean()) {
      if (System.nanoTime() - began > PATIENCE.toNanos()) {
        return false;
      }
      LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
    }
    return true;
  }

  private static void start(String command) {
    Thread.ofPlatform().daemon().start(() -> run(command));
  }

  /** What the command printed. */
  private static String run(String command) {
    String[] words = command.split(" ");
    StringWriter out = new StringWriter();
    NaruCommand.line(words)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(System.err, true, StandardCharsets.UTF_8))
        .execute(words);
    return out.toString();
  }
}
