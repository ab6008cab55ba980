package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.channel.file.PrivateFile;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import io.naru.store.service.Connector;
import io.naru.store.service.RemoteClusterStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The cluster's server, through the socket that only root of its own host may open. */
final class ServerSource {
  private static final Path SERVERS = Path.of("/var/lib/naru/servers.json");

  @Option(
      names = "--socket",
      paramLabel = "FILE",
      description = "the server's (default: " + ServerCommand.SOCKET + ")")
  @Nullable Path socket;

  @Option(
      names = "--lab",
      paramLabel = "NAME",
      description = "the server of this lab (default: this host's server, else the only lab's)")
  @Nullable String lab;

  /**
   * The store, to act on as an administrator.
   *
   * @param action what is wanted, for the sentence where it cannot be had here
   * @throws NaruException NOT_PERMITTED unless root; UNAVAILABLE if the server is not here
   */
  RemoteClusterStore open(String action) {
    RootRights.require(action);
    return new RemoteClusterStore(Connector.unix(path()));
  }

  /** The agents of the server's lab, or this host's own. */
  List<AgentClient> agents() {
    if (lab == null && AgentClient.local().answers()) {
      return List.of(AgentClient.local());
    }
    Lab found = lab == null ? AgentSource.onlyLab() : LabSource.named(lab);
    return List.copyOf(AgentSource.ofLab(found).values());
  }

  /** Whether the server is this host's own, and so may be its agent. */
  boolean isThisHosts() {
    return socket == null && lab == null && Files.exists(Path.of(ServerCommand.SOCKET));
  }

  private Path path() {
    if (socket != null) {
      return socket;
    }
    Path local = Path.of(ServerCommand.SOCKET);
    if (lab == null && Files.exists(local)) {
      return local;
    }
    if (lab == null && AgentClient.local().answers()) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "this host has the agent, but not the server of its cluster; type it on the server's host"
              + whereTheServerIs());
    }
    Lab found = lab == null ? AgentSource.onlyLab() : LabSource.named(lab);
    return found
        .serverSocket()
        .orElseThrow(
            () ->
                new NaruException(
                    ErrorCode.UNAVAILABLE,
                    "the server of the lab '" + found.name() + "' does not run"));
  }

  private static String whereTheServerIs() {
    return PrivateFile.read(SERVERS)
        .map(text -> text.replaceAll("[\\[\\]\"]", "").replace(",", ", ").strip())
        .filter(servers -> !servers.isEmpty())
        .map(servers -> ": " + servers)
        .orElse("");
  }
}
