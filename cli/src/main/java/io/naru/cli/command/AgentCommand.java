package io.naru.cli.command;

import io.naru.agent.node.Agent;
import io.naru.agent.node.AgentOptions;
import io.naru.agent.node.DryRun;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru agent}: this node's daemon, until it is stopped. */
@Command(
    name = "agent",
    description = "Run this node's agent. When it stops, pods' packets flow on.")
final class AgentCommand implements Runnable {
  private static final int LONGEST_TOKEN = 8192;

  @Spec CommandSpec spec;
  @Mixin NodeOptions node;

  @Option(
      names = "--join-file",
      paramLabel = "FILE",
      description = "join a cluster on the first start, with the token in this file; - is stdin")
  @Nullable String tokenFile;

  @Option(
      names = "--join",
      paramLabel = "TOKEN",
      description = "the same with the token itself; every user of this host can read it there")
  @Nullable String token;

  @Option(
      names = "--datapath",
      defaultValue = "auto",
      description = "auto or kernel (default: ${DEFAULT-VALUE})")
  String datapath = "auto";

  @Option(names = "--dry-run", description = "only print what would be changed on this host")
  boolean dryRun;

  @Override
  public void run() {
    RootRights.require("The agent changes this host's network");
    if (!datapath.equals("auto") && !datapath.equals("kernel")) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "there is no data path '" + datapath + "' in this version; use auto or kernel");
    }
    AgentOptions options = node.agent(tokenFile == null ? token : token(tokenFile));
    if (dryRun) {
      spec.commandLine().getOut().print(DryRun.text(options));
      spec.commandLine().getOut().flush();
      return;
    }
    Agent agent = Agent.start(options);
    Daemon.untilStopped(agent::close);
  }

  /** The token of a service's first start is in its command line for ever, but not on the disk. */
  private @Nullable String token(String file) {
    if (node.agent(null).hasJoined() && !file.equals("-") && Files.notExists(Path.of(file))) {
      return null;
    }
    return read(file);
  }

  private static String read(String file) {
    try {
      byte[] bytes =
          file.equals("-")
              ? System.in.readNBytes(LONGEST_TOKEN)
              : Files.readAllBytes(Path.of(file));
      return new String(bytes, StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw new NaruException(
          ErrorCode.FILE_FAILED, "cannot read the token from " + file + ": " + e.getMessage(), e);
    }
  }
}
