package io.naru.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A lab that is made for a measurement. Its cloud filters nothing, as it filters nothing between
 * ports that are not a lab's: so a packet costs the same there for every row.
 */
record BenchLab(Installation naru, String name) {
  private static final String PREFIX = "bench-";
  private static final Pattern ADDRESS = Pattern.compile("inet6? ([0-9a-f.:]+)/");

  /** Makes it; one that an earlier run left is removed first. */
  static BenchLab up(
      Installation naru, String suffix, int nodes, String transport, String... options) {
    BenchLab lab = new BenchLab(naru, PREFIX + suffix);
    if (Files.exists(Path.of("/run/naru-lab", lab.name))) {
      lab.down();
    }
    LeftOvers.note(lab::down);
    lab.onLab("up", "--nodes", Integer.toString(nodes), "--transport", transport)
        .and(options)
        .run();
    return lab;
  }

  void down() {
    if (Files.exists(Path.of("/run/naru-lab", name))) {
      onLab("down").run();
    }
  }

  /** A naru command, asked of this lab. */
  Command command(String... words) {
    return Command.of(naru.launcher().toString()).and(words).and("--lab", name);
  }

  /** A command about this lab itself. */
  Command onLab(String... words) {
    return Command.of(naru.launcher().toString(), "lab").and(words).and("--name", name);
  }

  /** A command on a node. */
  Command onNode(String node, List<String> words) {
    return Command.of(naru.launcher().toString(), "lab", "exec")
        .and("--lab", name, node, "--")
        .and(words.toArray(String[]::new));
  }

  String fabric() {
    return name + "-fabric";
  }

  String node(int number) {
    return name + "-node" + number;
  }

  void pod(String pod, String node) {
    onLab("pod", "run", pod, "--node", node).run();
  }

  /** The process of a node's agent. */
  long agent(int node) {
    String pids = Command.of("ip", "netns", "pids", node(node)).run();
    return pids.lines()
        .map(String::strip)
        .filter(pid -> isAgent(Path.of("/proc", pid, "cmdline")))
        .mapToLong(Long::parseLong)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no agent runs on " + node(node)));
  }

  private static boolean isAgent(Path commandLine) {
    try {
      return Files.readString(commandLine).contains("io.naru.cli.Naru\0agent\0");
    } catch (IOException ended) {
      return false;
    }
  }

  /** Makes a pod on each of the first two nodes; the way from the one to the other. */
  Ends pods() {
    pod("client", "node1");
    pod("server", "node2");
    return new Ends(
        name + "-pod-client", name + "-pod-server", address(name + "-pod-server", "eth0"));
  }

  /** The nodes' own way, past every pod network. */
  Ends nodes() {
    return new Ends(node(1), node(2), address(node(2), "eth0"));
  }

  /** An interface's IPv4 address. */
  static String address(String namespace, String device) {
    return address(namespace, device, "-4");
  }

  /** An interface's IPv6 address that is not of its link alone. */
  static String address6(String namespace, String device) {
    return address(namespace, device, "-6");
  }

  private static String address(String namespace, String device, String family) {
    String line =
        Command.of("ip", "-n", namespace, family, "-o", "address", "show", "dev", device)
            .and("scope", "global")
            .run();
    Matcher address = ADDRESS.matcher(line);
    if (!address.find()) {
      throw new IllegalStateException(device + " has no address in " + namespace);
    }
    return address.group(1);
  }
}
