package io.naru.cli.command;

import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru token create}. */
@Command(
    name = "token",
    description = "Tokens with which hosts join the cluster.",
    subcommands = TokenCommand.Create.class)
final class TokenCommand extends Group {
  /** Makes a token on the server's host. */
  @Command(
      name = "create",
      description = "Make a token. On the host that joins: naru agent --join TOKEN")
  static final class Create implements Runnable {
    @Spec CommandSpec spec;

    @Option(
        names = "--socket",
        defaultValue = ServerCommand.SOCKET,
        description = "the server's (default: ${DEFAULT-VALUE})")
    Path socket = Path.of(ServerCommand.SOCKET);

    @Option(
        names = "--address",
        paramLabel = "ADDRESS:PORT",
        description = "where hosts that join reach this one (default: its underlay addresses)")
    List<String> addresses = new ArrayList<>();

    @Option(
        names = "--valid",
        paramLabel = "HOURS",
        defaultValue = "24",
        description = "default: ${DEFAULT-VALUE}")
    int hours;

    @Override
    public void run() {
      RootRights.require("The server gives tokens to nobody else");
      try (var store = new RemoteClusterStore(Connector.unix(socket))) {
        List<TcpAddress> servers =
            addresses.isEmpty()
                ? HostUnderlay.addresses(store.configuration().agentPort())
                : addresses.stream().map(TcpAddress::parse).toList();
        JoinToken token = store.createToken(servers, Duration.ofHours(hours));
        spec.commandLine().getOut().println(token.encoded());
      }
    }
  }
}
