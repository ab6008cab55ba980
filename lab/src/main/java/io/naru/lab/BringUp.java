package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.process.Parallel;
import io.naru.lab.topology.LabNode;
import io.naru.lab.topology.LabSpec;
import io.naru.lab.topology.Topology;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Makes a lab. */
record BringUp(LabDirectory directory, LabRecord lab, Topology topology, Progress progress) {
  private static final int AGENTS_AT_ONCE =
      Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

  /** Makes the lab, or leaves nothing of it. */
  static LabDirectory run(LabSpec spec, LabPrograms programs, Progress progress) {
    LabNetwork.check(spec);
    requireRoot();
    requirePlugin(programs.cniPlugin());
    var topology = Topology.of(spec);
    LabDirectory directory = LabDirectory.of(spec.name());
    requireAbsent(directory);
    Namespaces.requireFree(topology.namespaces());
    var lab = new LabRecord(UUID.randomUUID().toString(), spec, programs);
    progress.step("writing down what lab '" + spec.name() + "' will be");
    try (var _ = reserve(directory, lab)) {
      try {
        Labs.prepareHost(topology.nodes().size());
        new BringUp(directory, lab, topology, progress).everything();
      } catch (NaruException failed) {
        removeAfter(failed, new Teardown(directory, lab, topology));
        throw failed;
      }
    }
    return directory;
  }

  private void everything() {
    progress.step("making the fabric and the world");
    Fabric.create(topology);
    var token = new CompletableFuture<String>();
    progress.step("starting the server and %d nodes".formatted(topology.nodes().size()));
    Callable<?> server =
        () -> {
          try {
            return token.complete(new ClusterServer(directory, lab, topology).start());
          } finally {
            token.completeExceptionally(new IllegalStateException("the server did not start"));
          }
        };
    List<Callable<?>> nodes = new ArrayList<>();
    List<Callable<?>> agents = new ArrayList<>();
    for (LabNode each : topology.nodes()) {
      var node = new Node(directory, lab, each);
      nodes.add(
          () -> {
            node.start();
            progress.step(each.name() + " runs");
            return node;
          });
      agents.add(
          () -> {
            node.startAgent(await(token));
            progress.step("the agent of " + each.name() + " answers");
            return node;
          });
    }
    List<Callable<?>> first = new ArrayList<>();
    first.add(server);
    first.addAll(Parallel.bounded(nodes, AGENTS_AT_ONCE));
    Parallel.run(first);
    Parallel.run(Parallel.bounded(agents, AGENTS_AT_ONCE));
  }

  private static String await(CompletableFuture<String> token) throws InterruptedException {
    try {
      return token.get();
    } catch (ExecutionException noServer) {
      throw new NaruException(
          ErrorCode.UNAVAILABLE, "there is no server that the agents could join", noServer);
    }
  }

  private static void requireRoot() {
    int user =
        LabDirectory.attempt(
            "ask for the user's number",
            () -> (Integer) Files.getAttribute(Path.of("/proc/self"), "unix:uid"));
    if (user != 0) {
      throw new NaruException(
          ErrorCode.NOT_PERMITTED,
          "the lab makes network namespaces and mounts; run it as root, for example with sudo");
    }
  }

  private static void requirePlugin(Path plugin) {
    if (!Files.isExecutable(plugin)) {
      throw new NaruException(
          ErrorCode.NOT_FOUND, "there is no CNI plugin at " + plugin + "; build it first");
    }
  }

  private static void requireAbsent(LabDirectory directory) {
    if (directory.exists()) {
      throw standing(directory.path().getFileName().toString());
    }
  }

  private static NaruException standing(String name) {
    return new NaruException(
        ErrorCode.CONFLICT,
        "the lab '%s' is up already, or was left half made; take it down with 'naru lab down --name %s', or make another with '--name'"
            .formatted(name, name));
  }

  /** The state appears complete, locked, and only if no other lab of this name was faster. */
  private static LabLock reserve(LabDirectory directory, LabRecord lab) {
    LabDirectory draft = LabDirectory.draft();
    LabDirectory.makeDirectory(draft.path());
    LabLock lock = LabLock.take(draft);
    try {
      List.of("node.sh", "server.sh", "pod.sh").forEach(draft::copyScript);
      LabDirectory.write(draft.lab(), lab);
      Files.move(draft.path(), directory.path(), StandardCopyOption.ATOMIC_MOVE);
      return lock;
    } catch (IOException taken) {
      lock.close();
      draft.remove();
      throw standing(lab.spec().name());
    } catch (NaruException failed) {
      lock.close();
      draft.remove();
      throw failed;
    }
  }

  private static void removeAfter(NaruException failed, Teardown teardown) {
    try {
      teardown.run(step -> {});
    } catch (NaruException alsoFailed) {
      failed.addSuppressed(alsoFailed);
    }
  }
}
