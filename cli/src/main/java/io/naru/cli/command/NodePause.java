package io.naru.cli.command;

import io.naru.api.StatusReport;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru node pause|resume NODE}. */
final class NodePause {
  private NodePause() {}

  /** Makes an agent leave its kernel as it is. */
  @Command(
      name = "pause",
      description = {
        "Let an agent observe and answer, but change nothing in its kernel, until it is resumed.",
        "Pods still come and go. The pause outlives the agent, but not the machine's next start."
      })
  static final class Begin implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;

    @Parameters(paramLabel = "NODE")
    String node = "";

    @Override
    public void run() {
      RootRights.require("An agent is paused by nobody else");
      StatusReport status = source.agent(node).pause();
      PrintWriter out = spec.commandLine().getOut();
      out.println(node + " is PAUSED: it repairs nothing until you type: naru node resume " + node);
      status.differs().forEach(line -> out.println("differs    " + line));
      status.failures().forEach(line -> out.println("problem    " + line));
      out.flush();
    }
  }

  /** Ends a pause. */
  @Command(name = "resume", description = "End a pause: what differs is repaired at once.")
  static final class End implements Runnable {
    @Spec CommandSpec spec;
    @Mixin AgentSource source;

    @Parameters(paramLabel = "NODE")
    String node = "";

    @Override
    public void run() {
      RootRights.require("An agent is resumed by nobody else");
      StatusReport status = source.agent(node).resume();
      PrintWriter out = spec.commandLine().getOut();
      out.println(node + " repairs again" + (status.failures().isEmpty() ? "." : ":"));
      status.failures().forEach(line -> out.println("problem    " + line));
      out.flush();
    }
  }
}
