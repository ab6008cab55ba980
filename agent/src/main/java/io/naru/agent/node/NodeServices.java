package io.naru.agent.node;

import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.Pause;
import io.naru.agent.probe.JudgedPath;
import io.naru.agent.probe.PathBook;
import io.naru.agent.service.ServiceLoop;
import io.naru.agent.service.ServiceLoop.Wanted;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathState;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** The loop of services with what it asks: the last pass, the store's word, the paths. */
final class NodeServices {
  private NodeServices() {}

  static ServiceLoop of(
      NodeName self, Supplier<Pass> pass, ClusterMemory memory, PathBook paths, Pause pause) {
    return new ServiceLoop(
        new ServiceLoop.Sources(
            () -> pass.get().view(),
            () -> wanted(memory),
            () -> broken(self, paths),
            () -> pause.since().isPresent()));
  }

  private static Optional<Wanted> wanted(ClusterMemory memory) {
    return memory
        .snapshot()
        .map(
            snapshot ->
                new Wanted(
                    ordered(snapshot.services()),
                    snapshot.configuration().services().avoidBrokenPaths()));
  }

  /** A snapshot keeps them in order; to copy thousands for every look would be a waste. */
  private static SortedMap<ServiceName, Service> ordered(Map<ServiceName, Service> services) {
    return services instanceof SortedMap<ServiceName, Service> sorted
        ? sorted
        : new TreeMap<>(services);
  }

  /** A connection needs both directions. */
  private static Set<NodeName> broken(NodeName self, PathBook paths) {
    return paths.judge(Instant.now()).stream()
        .filter(path -> path.chosen() && path.verdict().state() == PathState.BROKEN)
        .map(JudgedPath::path)
        .map(id -> id.from().equals(self) ? id.to() : id.from())
        .collect(Collectors.toUnmodifiableSet());
  }
}
