package io.naru.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** podman, configured as docs/runtimes.md says. It has no daemon: each call is a program. */
final class Podman implements PodRuntime {
  private static final String LOG = "podman.log";

  private final TestHost host;
  private final Set<Process> creating = ConcurrentHashMap.newKeySet();

  Podman(TestHost host) {
    this.host = host;
  }

  @Override
  public void start() {
    RuntimeFiles.write(host, "/etc/containers/containers.conf");
    // Where the machine has two hierarchies of control groups, and may not raise limits.
    RuntimeFiles.write(
        host,
        "/etc/containers/containers.conf.d/test.conf",
        """
        [containers]
        default_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]
        [engine]
        runtime = "runc"
        cgroup_manager = "cgroupfs"
        events_logger = "file"
        """);
    podman("load", "--quiet", "--input", RuntimeFiles.image(host));
  }

  private Command command(String... arguments) {
    List<String> words = new ArrayList<>(List.of("podman"));
    words.addAll(List.of(arguments));
    return Command.of(host.inside(words));
  }

  private String podman(String... arguments) {
    return command(arguments).run().out().strip();
  }

  @Override
  public void kill() {
    creating.forEach(TestHost::kill);
  }

  @Override
  public void create(String pod) {
    List<String> words = new ArrayList<>(List.of("podman", "run", "--detach", "--name", pod));
    words.addAll(List.of("--cgroup-parent", "/" + host.mark(), TestImage.NAME));
    Process process = host.start(Map.of(), LOG, words);
    creating.add(process);
    try {
      TestHost.ended(process);
    } finally {
      creating.remove(process);
    }
    if (process.exitValue() != 0) {
      throw new AssertionError(
          "podman run of %s ended with %d: %s".formatted(pod, process.exitValue(), host.log(LOG)));
    }
  }

  @Override
  public void resume() {
    // What was killed before it was made whole cannot be started; that is no failure.
    Command.Result _ = command("start", "--all").tryRun();
  }

  @Override
  public void restart(String pod) {
    podman("restart", "--time", "0", pod);
  }

  @Override
  public void remove(String pod) {
    podman("rm", "--force", "--time", "0", pod);
  }

  @Override
  public void removeAllBut(String pod) {
    // After a kill some only go at the second or third try: their mounts are still busy.
    TestLab.within(TestLab.LONGEST)
        .untilAsserted(
            () -> {
              List<String> words = new ArrayList<>(List.of("rm", "--force", "--time", "0"));
              pods().stream().filter(name -> !name.equals(pod)).forEach(words::add);
              Command.Result result = command(words.toArray(String[]::new)).tryRun();
              if (!pods().equals(Set.of(pod))) {
                throw new AssertionError(result.told());
              }
            });
  }

  @Override
  public Set<String> pods() {
    return podman("ps", "--all", "--format", "{{.Names}}")
        .lines()
        .collect(Collectors.toUnmodifiableSet());
  }

  @Override
  public String address(String pod) {
    return inspect(pod, "{{(index .NetworkSettings.Networks \"naru\").IPAddress}}");
  }

  @Override
  public void killFirstProcess(String pod) {
    host.shell("kill -KILL " + inspect(pod, "{{.State.Pid}}"));
  }

  @Override
  public boolean hasEnded(String pod) {
    return inspect(pod, "{{.State.Status}}").equals("exited");
  }

  private String inspect(String pod, String format) {
    return podman("inspect", "--format", format, pod);
  }

  @Override
  public boolean losesNamespaces() {
    return true;
  }

  @Override
  public String toString() {
    return "podman";
  }
}
