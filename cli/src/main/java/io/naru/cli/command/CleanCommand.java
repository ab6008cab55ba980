package io.naru.cli.command;

import io.naru.agent.install.InstalledFiles;
import io.naru.agent.node.AgentOptions;
import io.naru.agent.node.CleanUp;
import io.naru.api.AgentClient;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru clean}. */
@Command(
    name = "clean",
    description = "Remove every trace of the agent from this host: devices, routes, rules, files.")
final class CleanCommand implements Runnable {
  @Spec CommandSpec spec;
  @Mixin NodeOptions node;

  @Option(names = "--dry-run", description = "only print what would be removed")
  boolean dryRun;

  @Override
  public void run() {
    RootRights.require("Cleaning changes this host's network");
    AgentOptions options = node.agent(null);
    if (!dryRun && answers(options)) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "the agent runs and would make everything anew; stop it first, then clean");
    }
    boolean units = !dryRun && new InstalledFiles(Path.of("/"), options.installed()).hasUnits();
    List<String> done = CleanUp.run(options, dryRun);
    if (units) {
      SystemServices.reread().forEach(spec.commandLine().getOut()::println);
    }
    PrintWriter out = spec.commandLine().getOut();
    done.forEach(out::println);
    out.println(
        done.isEmpty()
            ? "There is nothing of Naru's on this host."
            : dryRun ? "Nothing was removed: this was a dry run." : "This host is clean.");
    out.flush();
  }

  private static boolean answers(AgentOptions options) {
    try {
      new AgentClient(options.socket(), "").status();
      return true;
    } catch (NaruException nobody) {
      return false;
    }
  }
}
