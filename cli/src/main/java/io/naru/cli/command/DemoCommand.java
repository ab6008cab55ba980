package io.naru.cli.command;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code naru demo}. */
@Command(name = "demo", description = "The story of two outages, on a cluster of real parts.")
final class DemoCommand implements Runnable {
  @Option(names = "--fast", description = "without pauses for reading")
  boolean fast;

  @Override
  public void run() {
    RootRights.require("The demo makes a cluster of network namespaces");
  }
}
