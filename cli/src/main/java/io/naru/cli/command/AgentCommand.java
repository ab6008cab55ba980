package io.naru.cli.command;

import io.naru.agent.node.Agent;
import io.naru.agent.node.AgentOptions;
import io.naru.agent.node.DryRun;
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
  @Spec CommandSpec spec;
  @Mixin NodeOptions node;

  @Option(
      names = "--join",
      paramLabel = "TOKEN",
      description = "join a cluster, on the first start (from: naru token create)")
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
    AgentOptions options = node.agent(token);
    if (dryRun) {
      spec.commandLine().getOut().print(DryRun.text(options));
      spec.commandLine().getOut().flush();
      return;
    }
    Agent agent = Agent.start(options);
    Daemon.untilStopped(agent::close);
  }
}
