package io.naru.agent.node;

import io.naru.agent.kernel.Steps;
import io.naru.agent.loop.NodeIntent;
import io.naru.channel.file.PrivateFile;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.unix.UnixServer;
import io.naru.core.cluster.NodeName;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How an agent is started.
 *
 * @param runDirectory for its socket, {@code /run/naru}
 * @param stateDirectory for what outlives it, {@code /var/lib/naru}
 * @param serverSocket where the store of this host answers, if it is here
 * @param token to join with, on the first start away from the server's host
 * @param version of the program, for its reports
 */
public record AgentOptions(
    NodeIntent intent,
    Path runDirectory,
    Path stateDirectory,
    Path serverSocket,
    Optional<JoinToken> token,
    String version,
    Steps steps) {
  /** Where the agents of packages and containers keep their sockets. */
  public static final Path RUN_DIRECTORY = Path.of("/run/naru");

  /** Where they keep what outlives them. */
  public static final Path STATE_DIRECTORY = Path.of("/var/lib/naru");

  /** The same under another name. */
  AgentOptions named(NodeName name) {
    return with(
        new NodeIntent(name, intent.interfaceName(), intent.canReach(), intent.publicAddresses()));
  }

  /** The same with another wish. */
  AgentOptions with(NodeIntent other) {
    return new AgentOptions(
        other, runDirectory, stateDirectory, serverSocket, token, version, steps);
  }

  public Path socket() {
    return runDirectory.resolve("agent.sock");
  }

  /** There while the agent is paused. */
  Path paused() {
    return runDirectory.resolve("paused");
  }

  /** Locked by the agent for as long as it runs. */
  Path lock() {
    return runDirectory.resolve(".agent.lock");
  }

  /**
   * What an agent that was killed in the middle of a writing may have left, and no agent that runs
   * uses: drafts of its files, and the place where its socket was being made.
   */
  List<Path> leftOvers() {
    List<Path> found = new ArrayList<>(PrivateFile.drafts(stateDirectory));
    found.addAll(PrivateFile.drafts(identity()));
    found.addAll(PrivateFile.drafts(runDirectory));
    if (Files.isDirectory(UnixServer.nursery(socket()), LinkOption.NOFOLLOW_LINKS)) {
      found.add(UnixServer.nursery(socket()));
    }
    return List.copyOf(found);
  }

  /** Removes those drafts, at the start of an agent that has the lock. */
  void removeDrafts() {
    PrivateFile.removeDrafts(stateDirectory);
    PrivateFile.removeDrafts(identity());
    PrivateFile.removeDrafts(runDirectory);
  }

  Path identity() {
    return stateDirectory.resolve("identity");
  }

  Path servers() {
    return stateDirectory.resolve("servers.json");
  }

  Path cluster() {
    return stateDirectory.resolve("cluster.json");
  }

  Path pods() {
    return stateDirectory.resolve("pods");
  }

  /** Remembers what an installation put on this host. */
  public Path installed() {
    return stateDirectory.resolve("installed.json");
  }

  /** Whether this node joined a cluster already, so that it needs no token any more. */
  public boolean hasJoined() {
    return Files.isDirectory(identity());
  }

  Path settings() {
    return stateDirectory.resolve("settings.json");
  }
}
