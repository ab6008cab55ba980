package io.naru.lab;

import io.naru.lab.process.Program;
import io.naru.lab.topology.FirewallPolicy;
import io.naru.lab.topology.LabSpec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.Stream;

/** A lab under a random name with stand-ins for the real programs; closing it takes it down. */
record TestLab(Lab lab) implements AutoCloseable {
  static String randomName() {
    return "t%06x".formatted(ThreadLocalRandom.current().nextInt(1 << 24)).toLowerCase(Locale.ROOT);
  }

  static LabSpec spec(int nodes, int subnets, FirewallPolicy firewall) {
    return new LabSpec(randomName(), nodes, subnets, true, "auto", "auto", firewall);
  }

  static LabPrograms programs() {
    Path plugin = Path.of("target/test-classes/io/naru/lab/fake-cni.sh").toAbsolutePath();
    if (!plugin.toFile().setExecutable(true)) {
      throw new IllegalStateException("cannot make executable: " + plugin);
    }
    return new LabPrograms(FakeNaru.command(), plugin);
  }

  static TestLab up(int nodes, int subnets, FirewallPolicy firewall) {
    return new TestLab(Lab.up(spec(nodes, subnets, firewall), programs(), step -> {}));
  }

  /** Runs a command in the lab to its end. */
  Program.Result exec(String target, String... command) {
    return Program.of(lab.execCommand(target, List.of(command))).tryRun("");
  }

  /** Whether one of a few pings is answered. */
  boolean pings(String target, String address) {
    return exec(target, "ping", "-c", "2", "-i", "0.1", "-W", "1", "-n", address).exitCode() == 0;
  }

  String namespace(String target) {
    return lab.name() + "-" + target;
  }

  @Override
  public void close() {
    lab.down(step -> {});
  }

  /** Everything on this machine that still bears a lab's name or was started for it. */
  static List<String> leftovers(String name) throws Exception {
    List<String> found = new ArrayList<>();
    Program.of("ip", "netns").run().lines().filter(n -> n.startsWith(name)).forEach(found::add);
    Files.readAllLines(Path.of("/proc/self/mountinfo")).stream()
        .filter(mount -> mount.contains("/" + name))
        .forEach(found::add);
    for (Path place : List.of(LabDirectory.ROOT, Path.of("/run/netns"))) {
      if (Files.exists(place)) {
        try (Stream<Path> files = Files.list(place)) {
          files
              .filter(file -> file.getFileName().toString().startsWith(name))
              .map(Path::toString)
              .forEach(found::add);
        }
      }
    }
    PodCgroup.ofAllPods(name).forEach(cgroup -> found.add(cgroup.toString()));
    try (Stream<Path> processes = Files.list(Path.of("/proc"))) {
      for (Path process :
          processes.filter(p -> p.getFileName().toString().matches("\\d+")).toList()) {
        commandLine(process).filter(line -> line.contains(name)).forEach(found::add);
      }
    }
    return found;
  }

  private static Stream<String> commandLine(Path process) {
    try {
      return Stream.of(Files.readString(process.resolve("cmdline")).replace('\0', ' '))
          .filter(line -> line.contains("node.sh") || line.contains("/netns/"));
    } catch (java.io.IOException gone) {
      return Stream.empty();
    }
  }
}
