package io.naru.lab;

import io.naru.lab.process.ProcessIdentity;
import io.naru.lab.process.ProcessTable;
import io.naru.lab.topology.Topology;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes a lab down from whatever point it was left at. It goes by what the lab's state says is the
 * lab's own, and may run again after it was interrupted.
 */
record Teardown(LabDirectory directory, LabRecord lab, Topology topology) {
  /** So long a node's processes may take to end by themselves when its first one was killed. */
  private static final Duration PATIENCE = Duration.ofSeconds(2);

  void run(Progress progress) {
    List<String> namespaces = new ArrayList<>(topology.namespaces());
    namespaces.addAll(new Pods(directory, lab, topology).namespaces());
    progress.step("ending its processes");
    endProcesses(namespaces.stream().map(Namespaces::file).toList());
    progress.step("removing its namespaces");
    Namespaces.remove(namespaces);
    PodCgroup.ofAllPods(lab.spec().name()).forEach(PodCgroup::remove);
    PodCgroup.removeLab(lab.spec().name());
    progress.step("removing its state");
    directory.remove();
    Labs.sweep();
  }

  private void endProcesses(List<Path> namespaces) {
    long began = System.nanoTime();
    // A process that is killed may have started another just before: look until none is left.
    Waiting.until(
        "the lab's processes to end",
        () -> {
          // With its first process a node's others end, and are reaped by those who started them:
          // killing those too at once would leave that to the host, which may take its time.
          Set<ProcessIdentity> holders = holders();
          holders.forEach(ProcessTable::kill);
          // But one that is stopped reaps nobody, and so keeps the first one from ending.
          if (!holders.isEmpty() && System.nanoTime() - began < PATIENCE.toNanos()) {
            return false;
          }
          Set<ProcessIdentity> left = left(namespaces);
          left.forEach(ProcessTable::kill);
          return holders.isEmpty() && left.isEmpty();
        },
        () -> "processes " + left(namespaces) + " are still there");
  }

  private Set<ProcessIdentity> left(List<Path> namespaces) {
    Set<ProcessIdentity> found = new HashSet<>(ProcessTable.belongingTo(namespaces, lab.marker()));
    for (PodCgroup cgroup : PodCgroup.ofAllPods(lab.spec().name())) {
      cgroup.members().stream()
          .filter(pid -> pid != 0 && pid != ProcessHandle.current().pid())
          .flatMap(pid -> ProcessIdentity.of(pid).stream())
          .forEach(found::add);
    }
    return found;
  }

  private Set<ProcessIdentity> holders() {
    return topology.nodes().stream()
        .flatMap(node -> new Node(directory, lab, node).holder().stream())
        .collect(Collectors.toSet());
  }
}
