package io.naru.cli.command;

import io.naru.cli.demo.Demo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru demo}. */
@Command(name = "demo", description = "The story of two outages, on a cluster of real parts.")
final class DemoCommand implements Runnable {
  @Spec CommandSpec spec;

  @Option(names = "--fast", description = "without pauses for reading")
  boolean fast;

  @Override
  public void run() {
    RootRights.require("The demo makes a cluster of network namespaces");
    new Demo(spec.commandLine().getOut(), fast).play();
  }
}
