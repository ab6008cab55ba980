package io.naru.cli.command;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.Lab;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru lab start}. */
@Command(name = "start", description = "Start the agent of a node again after it ended.")
final class LabStart implements Runnable {
  @Spec CommandSpec spec;
  @Mixin LabSource source;

  @Parameters(paramLabel = "NODE")
  String node = "";

  @Override
  public void run() {
    RootRights.require("Entering a namespace");
    Lab lab = source.lab();
    boolean answers =
        lab.status().nodes().stream().anyMatch(each -> each.name().equals(node) && each.agent());
    if (answers) {
      throw new NaruException(ErrorCode.CONFLICT, node + "'s agent answers, so it runs");
    }
    lab.topology().node(node); // says which there are
    lab.startAgent(node);
    spec.commandLine().getOut().println(node + "'s agent answers.");
  }
}
