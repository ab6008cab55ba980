package io.naru.agent.api;

import io.naru.api.PathRow;
import io.naru.api.ServiceRow;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.cluster.NodeName;
import io.naru.core.path.PathState;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendChoice;
import io.naru.core.service.BackendPlaces;
import io.naru.core.service.Service;
import io.naru.core.service.ServicePort;
import io.naru.store.ClusterSnapshot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The rows of services: which node has each backend, and how that node is reached from here. */
final class ServiceRows {
  private final NodeName self;
  private final BackendPlaces places;
  private final BackendChoice serving;
  private final boolean avoidsBrokenPaths;
  private final Map<String, PathState> paths = new HashMap<>();
  private final List<ServiceRow> rows = new ArrayList<>();

  private ServiceRows(NodeName self, ClusterSnapshot snapshot, List<PathRow> paths) {
    this.self = self;
    this.places = BackendPlaces.of(self, snapshot.nodes().values());
    this.serving = new BackendChoice(places, false);
    this.avoidsBrokenPaths = snapshot.configuration().services().avoidBrokenPaths();
    paths.forEach(this::add);
  }

  /** Both directions count: an answer that is lost serves nobody. */
  private void add(PathRow path) {
    String other = path.from().equals(self.text()) ? path.to() : path.from();
    paths.merge(other, state(path.state()), ServiceRows::worse);
  }

  private static PathState state(String text) {
    for (PathState state : PathState.values()) {
      if (state.toString().equals(text)) {
        return state;
      }
    }
    return PathState.UNKNOWN;
  }

  private static PathState worse(PathState one, PathState other) {
    return one.gravity() >= other.gravity() ? one : other;
  }

  /**
   * A row for each frontend.
   *
   * @param self the node whose agent this is
   * @param paths those that begin or end here, by the transports in use
   */
  static List<ServiceRow> of(NodeName self, ClusterSnapshot snapshot, List<PathRow> paths) {
    ServiceRows made = new ServiceRows(self, snapshot, paths);
    snapshot.services().values().forEach(made::add);
    return List.copyOf(made.rows);
  }

  private void add(Service service) {
    List<Optional<IpAddress>> addresses =
        service.isHeadless()
            ? List.of(Optional.empty())
            : service.clusterIps().stream().map(Optional::of).toList();
    List<Optional<ServicePort>> ports =
        service.ports().isEmpty()
            ? List.of(Optional.empty())
            : service.ports().stream().map(Optional::of).toList();
    for (Optional<IpAddress> address : addresses) {
      for (Optional<ServicePort> port : ports) {
        rows.add(
            new ServiceRow(
                service.name().toString(),
                address.map(IpAddress::toString),
                port.map(ServicePort::port),
                port.map(known -> known.protocol().toString()),
                port.map(ServicePort::name).filter(name -> !name.isEmpty()),
                port.flatMap(ServicePort::nodePort),
                targets(service, address, port),
                self.text()));
      }
    }
  }

  private List<ServiceRow.Target> targets(
      Service service, Optional<IpAddress> address, Optional<ServicePort> port) {
    List<ServiceRow.Target> targets = new ArrayList<>();
    Set<Backend> chosen = chosen(service);
    for (Backend backend : service.backends()) {
      if (address.isEmpty() || address.get().family() == backend.address().family()) {
        Optional<NodeName> node = places.node(backend.address());
        targets.add(
            new ServiceRow.Target(
                backend.address().toString(),
                port.map(ServicePort::targetPort),
                node.map(NodeName::text),
                backend.state().toString(),
                node.map(this::path).orElse("outside"),
                chosen.contains(backend)));
      }
    }
    return targets;
  }

  /** Those that new connections from here may go to, of both families. */
  private Set<Backend> chosen(Service service) {
    Set<Backend> chosen = new HashSet<>();
    for (IpFamily family : IpFamily.values()) {
      List<Backend> all = serving.of(service, family, service.internal());
      List<Backend> reached = all.stream().filter(backend -> !isBroken(backend)).toList();
      chosen.addAll(avoidsBrokenPaths && !reached.isEmpty() ? reached : all);
    }
    return chosen;
  }

  private boolean isBroken(Backend backend) {
    return places
        .node(backend.address())
        .filter(node -> path(node).equals(PathState.BROKEN.toString()))
        .isPresent();
  }

  private String path(NodeName node) {
    return node.equals(self)
        ? "local"
        : paths.getOrDefault(node.text(), PathState.UNKNOWN).toString();
  }
}
