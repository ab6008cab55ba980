package io.naru.cli.command;

import io.naru.cli.output.Listing;
import io.naru.lab.LabStatus;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru lab pod run|rm}. */
@Command(
    name = "pod",
    description = "Pods of a lab, attached by the real CNI plugin.",
    subcommands = {LabPod.Run.class, LabPod.Remove.class})
final class LabPod extends Group {
  @Command(name = "run", description = "Make a pod on a node.")
  static final class Run implements Runnable {
    @Spec CommandSpec spec;
    @Mixin LabSource source;

    @Parameters(paramLabel = "NAME")
    String pod = "";

    @Option(names = "--node", paramLabel = "NODE", required = true)
    String node = "";

    @Override
    public void run() {
      RootRights.require("A pod is a network namespace");
      LabStatus.PodStatus made = source.lab().runPod(pod, node);
      spec.commandLine()
          .getOut()
          .println(
              made.name()
                  + " runs on "
                  + made.node()
                  + " with "
                  + Listing.joined(made.addresses().stream().map(Object::toString).toList()));
    }
  }

  @Command(name = "rm", description = "Remove a pod.")
  static final class Remove implements Runnable {
    @Spec CommandSpec spec;
    @Mixin LabSource source;

    @Parameters(paramLabel = "NAME")
    String pod = "";

    @Override
    public void run() {
      RootRights.require("A pod is a network namespace");
      source.lab().removePod(pod);
      spec.commandLine().getOut().println(pod + " is gone.");
    }
  }
}
