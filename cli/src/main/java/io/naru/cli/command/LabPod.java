package io.naru.cli.command;

import io.naru.cli.output.Listing;
import io.naru.core.address.IpAddress;
import io.naru.lab.LabStatus;
import io.naru.lab.PodNames;
import java.util.ArrayList;
import java.util.List;
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

    @Option(
        names = "--dns",
        description = "its programs ask the name servers that the network hands its pods")
    boolean dns;

    @Option(
        names = "--dns-server",
        paramLabel = "ADDRESS",
        description = "they ask this one, which the CNI plugin is told; may be repeated")
    List<String> servers = new ArrayList<>();

    @Option(
        names = "--dns-option",
        paramLabel = "OPTION",
        description = "of resolv.conf, beside --dns-server; may be repeated")
    List<String> options = new ArrayList<>();

    @Override
    public void run() {
      RootRights.require("A pod is a network namespace");
      LabStatus.PodStatus made = source.lab().runPod(pod, node, names());
      spec.commandLine()
          .getOut()
          .println(
              made.name()
                  + " runs on "
                  + made.node()
                  + " with "
                  + Listing.joined(made.addresses().stream().map(Object::toString).toList()));
    }

    private PodNames names() {
      if (!servers.isEmpty()) {
        return new PodNames.Asked(servers.stream().map(IpAddress::parse).toList(), options);
      }
      return dns ? new PodNames.OfNetwork() : new PodNames.OfHost();
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
