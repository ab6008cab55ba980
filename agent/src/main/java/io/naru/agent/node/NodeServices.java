package io.naru.agent.node;

import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.JudgedPath;
import io.naru.agent.probe.PathBook;
import io.naru.agent.service.ServiceLoop;
import io.naru.agent.service.ServiceLoop.Wanted;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathId;
import io.naru.core.path.PathState;
import java.time.Instant;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/** The loop of services with what it asks: the last pass, the store's word, the paths. */
final class NodeServices {
  private NodeServices() {}

  static ServiceLoop of(
      NodeName self, Supplier<Pass> pass, ClusterMemory memory, PathBook paths, Pause pause) {
    return new ServiceLoop(
        new ServiceLoop.Sources(
            () -> pass.get().view(),
            () -> wanted(memory),
            () -> broken(self, paths, memory),
            () -> pause.since().isPresent()));
  }

  private static Optional<Wanted> wanted(ClusterMemory memory) {
    return memory
        .snapshot()
        .map(
            snapshot ->
                new Wanted(
                    snapshot.services(), snapshot.configuration().services().avoidBrokenPaths()));
  }

  /**
   * A connection needs both directions. Of a path that is not judged yet, since the agent is only
   * starting, its own last word in the store holds.
   */
  private static Set<NodeName> broken(NodeName self, PathBook paths, ClusterMemory memory) {
    Set<PathId> judged = new HashSet<>();
    Set<NodeName> broken = new HashSet<>();
    for (JudgedPath path : paths.judge(Instant.now())) {
      if (path.verdict().state() != PathState.UNKNOWN) {
        judged.add(path.path());
      }
      if (path.chosen() && path.verdict().state() == PathState.BROKEN) {
        broken.add(other(self, path.path()));
      }
    }
    memory.snapshot().stream()
        .flatMap(snapshot -> snapshot.notices().stream())
        .filter(notice -> notice.observer().equals(self) && notice.state() == PathState.BROKEN)
        .filter(notice -> !judged.contains(notice.path()))
        .forEach(notice -> broken.add(other(self, notice.path())));
    return Set.copyOf(broken);
  }

  private static NodeName other(NodeName self, PathId path) {
    return path.from().equals(self) ? path.to() : path.from();
  }
}
