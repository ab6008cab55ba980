package io.naru.cli.command;

import io.naru.cli.demo.Demo;
import io.naru.cli.demo.IncidentDns;
import io.naru.cli.demo.IncidentWorker;
import java.io.PrintWriter;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code naru demo}. */
@Command(name = "demo", description = "The story of two outages, on a cluster of real parts.")
final class DemoCommand implements Runnable {
  @Spec CommandSpec spec;

  @Parameters(
      paramLabel = "STORY",
      arity = "0..1",
      description = {
        "incident-dns: the first outage with real DNS servers and queries, and its cures;",
        "incident-worker: the second with an application; without one, both told with pings"
      })
  @Nullable String story;

  @Option(names = "--fast", description = "without pauses for reading")
  boolean fast;

  @Override
  public void run() {
    RootRights.require("The demo makes a cluster of network namespaces");
    PrintWriter out = spec.commandLine().getOut();
    switch (story) {
      case null -> new Demo(out, fast).play();
      case "incident-dns" -> new IncidentDns(out, fast).play();
      case "incident-worker" -> new IncidentWorker(out, fast).play();
      default ->
          throw new ParameterException(
              spec.commandLine(),
              "there is no story '" + story + "'; choose incident-dns or incident-worker");
    }
  }
}
