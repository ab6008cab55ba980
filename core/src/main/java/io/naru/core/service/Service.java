package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A service: a name and addresses that stay while what serves it comes and goes.
 *
 * @param clusterIps its own addresses, at most one a family; none for a headless service, whose
 *     name leads to the backends themselves
 * @param affinitySeconds so long after its last new connection a client keeps its backend, if it
 *     shall (Kubernetes' session affinity ClientIP)
 * @param external where connections from outside the cluster to a node's port may go; with {@link
 *     TrafficPolicy#LOCAL} backends see the client's own address
 * @param internal where connections from within the cluster may go
 * @param publishesNotReady whether names lead to backends that are not ready
 */
public record Service(
    ServiceName name,
    List<IpAddress> clusterIps,
    List<ServicePort> ports,
    List<Backend> backends,
    Optional<Integer> affinitySeconds,
    TrafficPolicy external,
    TrafficPolicy internal,
    boolean publishesNotReady) {
  public Service {
    Objects.requireNonNull(name, "name is missing");
    clusterIps = List.copyOf(clusterIps);
    ports = List.copyOf(ports);
    backends = List.copyOf(backends);
    affinitySeconds = affinitySeconds == null ? Optional.empty() : affinitySeconds;
    external = external == null ? TrafficPolicy.CLUSTER : external;
    internal = internal == null ? TrafficPolicy.CLUSTER : internal;
  }

  /** A service of all nodes' backends. */
  public static Service of(
      ServiceName name,
      List<IpAddress> clusterIps,
      List<ServicePort> ports,
      List<Backend> backends) {
    return new Service(
        name,
        clusterIps,
        ports,
        backends,
        Optional.empty(),
        TrafficPolicy.CLUSTER,
        TrafficPolicy.CLUSTER,
        false);
  }

  /** Whether it has no address of its own. */
  public boolean isHeadless() {
    return clusterIps.isEmpty();
  }

  /** Its own address of a family. */
  public Optional<IpAddress> clusterIp(IpFamily family) {
    return clusterIps.stream().filter(address -> address.family() == family).findFirst();
  }

  /** The same service at these addresses. */
  public Service withClusterIps(List<IpAddress> addresses) {
    return new Service(
        name, addresses, ports, backends, affinitySeconds, external, internal, publishesNotReady);
  }

  /** The same service with these ports. */
  public Service withPorts(List<ServicePort> others) {
    return new Service(
        name, clusterIps, others, backends, affinitySeconds, external, internal, publishesNotReady);
  }

  /** The same service with these backends. */
  public Service withBackends(List<Backend> others) {
    return new Service(
        name, clusterIps, ports, others, affinitySeconds, external, internal, publishesNotReady);
  }
}
