package io.naru.cli.command;

import io.naru.agent.install.Installation;
import io.naru.agent.install.InstalledFiles;
import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code naru install}. */
@Command(
    name = "install",
    description =
        "Put Naru's services, the CNI plugin and words for the network's managers into this host.")
final class InstallCommand implements Runnable {
  private static final Path STATE = Path.of("var/lib/naru");

  @Spec CommandSpec spec;

  @Option(names = "--server", description = "this host runs the cluster's store, too")
  boolean server;

  @Option(names = "--no-cni", description = "leave the container runtimes' directories alone")
  boolean noCni;

  @Option(names = "--now", description = "start the services, now and with every start of the host")
  boolean now;

  @Option(
      names = "--root",
      paramLabel = "DIR",
      defaultValue = "/",
      description = "install into this root, for example an image's (default: ${DEFAULT-VALUE})")
  Path root = Path.of("/");

  @Option(names = "--dry-run", description = "only print what would be written")
  boolean dryRun;

  @Option(names = "--name", paramLabel = "NODE", description = "for the agent, as are these:")
  @Nullable String name;

  @Option(names = "--interface", paramLabel = "NAME", description = "leads to the other nodes")
  @Nullable String interfaceName;

  @Option(names = "--can-reach", paramLabel = "ADDRESS", description = "chooses the interface")
  @Nullable IpAddress canReach;

  @Option(names = "--public-address", paramLabel = "ADDRESS", description = "of this node")
  List<IpAddress> publicAddresses = new ArrayList<>();

  @Option(names = "--join-file", paramLabel = "FILE", description = "the token; root's own file")
  @Nullable Path tokenFile;

  @Option(names = "--config", paramLabel = "FILE", description = "for the server")
  @Nullable Path configuration;

  @Override
  public void run() {
    Path host = root.toAbsolutePath().normalize();
    if (host.equals(Path.of("/"))) {
      RootRights.require("Installing writes into /etc");
    }
    if (configuration != null && !server) {
      throw new NaruException(
          ErrorCode.BAD_INPUT, "--config is for the server: add --server, or leave it out");
    }
    PrintWriter out = spec.commandLine().getOut();
    Installation installation = wish();
    warnings(installation.launcher()).forEach(out::println);
    InstalledFiles files = new InstalledFiles(host, host.resolve(STATE).resolve("installed.json"));
    List<String> done = files.install(installation, dryRun);
    done.forEach(out::println);
    if (dryRun) {
      out.println("Nothing was written: this was a dry run.");
    } else if (host.equals(Path.of("/"))) {
      started(done).forEach(out::println);
    }
    out.flush();
  }

  private List<String> started(List<String> done) {
    List<String> units = new ArrayList<>();
    if (server) {
      units.add("naru-server");
    }
    units.add("naru-agent");
    List<String> lines = new ArrayList<>();
    if (done.stream().anyMatch(line -> line.startsWith("+") || line.startsWith("~"))) {
      lines.addAll(SystemServices.reread());
    }
    lines.addAll(
        now
            ? SystemServices.start(units)
            : List.of("Now type: systemctl enable --now " + String.join(" ", units)));
    return lines;
  }

  private Installation wish() {
    String home = System.getProperty("naru.home", "");
    Path launcher = Path.of(home, "bin", "naru").toAbsolutePath();
    Path plugin = Path.of(home, "build", "naru", "naru-cni").toAbsolutePath();
    if (home.isEmpty() || !Files.isExecutable(launcher) || !Files.isExecutable(plugin)) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          "the services run Naru's own programs and cannot find them; start this with bin/naru");
    }
    List<String> serverArguments =
        configuration == null
            ? List.of()
            : List.of("--config", configuration.toAbsolutePath().toString());
    return new Installation(launcher, plugin, server, !noCni, agentArguments(), serverArguments);
  }

  private List<String> agentArguments() {
    List<String> words = new ArrayList<>();
    if (name != null) {
      words.addAll(List.of("--name", name));
    }
    if (interfaceName != null) {
      words.addAll(List.of("--interface", interfaceName));
    }
    if (canReach != null) {
      words.addAll(List.of("--can-reach", canReach.toString()));
    }
    for (IpAddress address : publicAddresses) {
      words.addAll(List.of("--public-address", address.toString()));
    }
    if (tokenFile != null) {
      words.addAll(List.of("--join-file", tokenFile.toAbsolutePath().toString()));
    }
    return words;
  }

  private static List<String> warnings(Path launcher) {
    return Stream.of("/home", "/root", "/tmp", "/var/tmp", "/run")
        .filter(launcher::startsWith)
        .map(
            place ->
                "careful: the services will run "
                    + launcher
                    + ", and what is in "
                    + place
                    + " may go away; better keep Naru in /opt/naru")
        .toList();
  }
}
