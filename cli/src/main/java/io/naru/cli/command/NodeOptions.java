package io.naru.cli.command;

import io.naru.agent.kernel.Steps;
import io.naru.agent.loop.NodeIntent;
import io.naru.agent.node.AgentOptions;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options that say which node this is and where its files are. */
final class NodeOptions {
  @Option(names = "--name", paramLabel = "NODE", description = "default: this host's name")
  @Nullable String name;

  @Option(
      names = "--interface",
      paramLabel = "NAME",
      description = "leads to the other nodes (default: the one with the default route)")
  @Nullable String interfaceName;

  @Option(
      names = "--can-reach",
      paramLabel = "ADDRESS",
      description = "choose the interface by which this address is reached")
  @Nullable IpAddress canReach;

  @Option(
      names = "--public-address",
      paramLabel = "ADDRESS",
      description = "where other nodes reach this one, if not at the interface's address")
  List<IpAddress> publicAddresses = new ArrayList<>();

  @Option(
      names = "--run",
      paramLabel = "DIR",
      defaultValue = "/run/naru",
      description = "for the socket (default: ${DEFAULT-VALUE})")
  Path run = AgentOptions.RUN_DIRECTORY;

  @Option(
      names = "--state",
      paramLabel = "DIR",
      defaultValue = "/var/lib/naru",
      description = "for what outlives the agent (default: ${DEFAULT-VALUE})")
  Path state = AgentOptions.STATE_DIRECTORY;

  @Option(
      names = "--server-socket",
      defaultValue = ServerCommand.SOCKET,
      description = "of a server on this host (default: ${DEFAULT-VALUE})")
  Path serverSocket = Path.of(ServerCommand.SOCKET);

  AgentOptions agent(@Nullable String token) {
    return agent(new NodeName(name == null ? hostName() : name), token);
  }

  /**
   * Those of the node that this host became when it joined, whatever the host is called; empty
   * where it never did.
   */
  Optional<AgentOptions> member() {
    Path identity = state.resolve("identity");
    // Whoever may not read it is told so by what needs it, not by what only asks.
    return Files.isDirectory(identity)
        ? NodeIdentity.load(identity).map(known -> agent(known.name(), null))
        : Optional.empty();
  }

  private AgentOptions agent(NodeName node, @Nullable String token) {
    return new AgentOptions(
        new NodeIntent(
            node,
            Optional.ofNullable(interfaceName),
            Optional.ofNullable(canReach),
            publicAddresses),
        run,
        state,
        serverSocket,
        Optional.ofNullable(token).map(JoinToken::parse),
        NaruCommand.Version.number(),
        steps());
  }

  /** For the test that ends an agent between any two steps of its start. */
  private static Steps steps() {
    String haltBefore = System.getenv("NARU_TEST_HALT_BEFORE_STEP");
    return haltBefore == null
        ? Steps.UNOBSERVED
        : Steps.haltingBefore(Integer.parseInt(haltBefore));
  }

  private static String hostName() {
    try {
      return Files.readString(Path.of("/proc/sys/kernel/hostname"))
          .strip()
          .toLowerCase(Locale.ROOT);
    } catch (IOException noProc) {
      return "localhost";
    }
  }
}
