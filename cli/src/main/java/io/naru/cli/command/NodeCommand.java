package io.naru.cli.command;

import io.naru.core.cluster.NodeName;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru node list|rm}. */
@Command(
    name = "node",
    description = "The nodes of the cluster.",
    subcommands = {ListCommands.NodeList.class, NodeCommand.Remove.class})
final class NodeCommand extends Group {
  /** Forgets a node that will not come back, on the server's host. */
  @Command(
      name = "rm",
      description = "Forget a node: its pods' addresses and its key. Type it on the server's host.")
  static final class Remove implements Runnable {
    @Spec CommandSpec spec;

    @Parameters(paramLabel = "NAME")
    String node = "";

    @Option(
        names = "--socket",
        defaultValue = ServerCommand.SOCKET,
        description = "the server's (default: ${DEFAULT-VALUE})")
    Path socket = Path.of(ServerCommand.SOCKET);

    @Override
    public void run() {
      RootRights.require("The server forgets nodes for nobody else");
      try (var store = new RemoteClusterStore(Connector.unix(socket))) {
        store.withdrawNode(new NodeName(node));
      }
      spec.commandLine().getOut().println("Node " + node + " is forgotten.");
    }
  }
}
