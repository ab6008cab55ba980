package io.naru.cli.command;

import io.naru.channel.TcpAddress;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.service.StoreServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru server}: the cluster's store, until it is stopped. */
@Command(
    name = "server",
    description = "Run the cluster's store on this host. One host of a cluster does this.")
final class ServerCommand implements Runnable {
  static final String SOCKET = "/run/naru/server.sock";

  private static final Logger LOG = LoggerFactory.getLogger(ServerCommand.class);

  @Option(
      names = "--data",
      paramLabel = "DIR",
      defaultValue = "/var/lib/naru/server",
      description = "where the cluster's state is kept (default: ${DEFAULT-VALUE})")
  Path data = Path.of("/var/lib/naru/server");

  @Option(
      names = "--socket",
      defaultValue = SOCKET,
      description = "for this host's agent and tools (default: ${DEFAULT-VALUE})")
  Path socket = Path.of(SOCKET);

  @Option(
      names = "--listen",
      paramLabel = "ADDRESS:PORT",
      description =
          "answer other hosts there; without it, this host's agent does so on its own port")
  List<String> listen = new ArrayList<>();

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "the network's configuration, YAML or JSON; every key has a default")
  @Nullable Path configuration;

  @Override
  public void run() {
    RootRights.require("The server keeps the cluster's keys");
    StoreServer server =
        new StoreServer(
            data,
            socket,
            listen.stream().map(TcpAddress::parse).toList(),
            Optional.ofNullable(configuration).map(ServerCommand::read));
    server.start();
    LOG.info("the store answers on {}{}", socket, listen.isEmpty() ? "" : " and " + listen);
    Daemon.untilStopped(server::close);
  }

  static NetworkConfiguration read(Path file) {
    String text;
    try {
      text = Files.readString(file);
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot read the configuration " + file + ": " + e, e);
    }
    return parse(text, file.toString());
  }

  static NetworkConfiguration parse(String text, String source) {
    return NetworkConfigurationParser.parse(ConfigurationText.keys(text, source));
  }
}
