package io.naru.cli.command;

import io.naru.api.AgentClient;
import io.naru.api.PodRow;
import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceName;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The addresses of pods that a person names as backends. Agents and the store are asked only once a
 * pod is named.
 */
final class BackendPods {
  private final Supplier<List<AgentClient>> agents;
  private final Supplier<ClusterSnapshot> cluster;
  private @Nullable Map<String, List<IpAddress>> known;
  private @Nullable ClusterSnapshot snapshot;

  /**
   * @param agents those that know the pods
   * @param cluster tells which families a service has
   */
  BackendPods(Supplier<List<AgentClient>> agents, Supplier<ClusterSnapshot> cluster) {
    this.agents = agents;
    this.cluster = cluster;
  }

  static BackendPods of(ServerSource server, ClusterStore store) {
    return new BackendPods(server::agents, store::snapshot);
  }

  /**
   * The addresses of a pod that can serve a service.
   *
   * @param clusterIps those that the service is wanted to have
   */
  Function<String, List<IpAddress>> families(
      Optional<ServiceName> name, List<IpAddress> clusterIps, boolean headless) {
    return pod -> {
      List<IpAddress> all = addresses(pod);
      Set<IpFamily> families =
          headless ? EnumSet.allOf(IpFamily.class) : families(name, clusterIps);
      List<IpAddress> fitting =
          all.stream().filter(address -> families.contains(address.family())).toList();
      if (fitting.isEmpty()) {
        throw new NaruException(
            ErrorCode.CONFLICT,
            "the pod " + pod + " has " + all + " and no address of the service's " + families);
      }
      return fitting;
    };
  }

  private Set<IpFamily> families(Optional<ServiceName> name, List<IpAddress> clusterIps) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    clusterIps.forEach(address -> families.add(address.family()));
    if (families.isEmpty()) {
      ClusterSnapshot now = snapshot();
      name.map(known -> now.services().get(known))
          .ifPresent(there -> there.clusterIps().forEach(it -> families.add(it.family())));
      if (families.isEmpty()) {
        now.configuration().services().serviceCidrs().stream()
            .map(Prefix::family)
            .forEach(families::add);
      }
    }
    return families;
  }

  private ClusterSnapshot snapshot() {
    ClusterSnapshot now = snapshot;
    if (now == null) {
      now = cluster.get();
      snapshot = now;
    }
    return now;
  }

  private List<IpAddress> addresses(String pod) {
    Map<String, List<IpAddress>> pods = known;
    if (pods == null) {
      pods = new HashMap<>();
      for (PodRow row : ListCommands.gathered(agents.get(), AgentClient::pods)) {
        pods.put(row.name(), row.addresses().stream().map(IpAddress::parse).toList());
      }
      known = pods;
    }
    List<IpAddress> found = pods.get(pod);
    if (found == null) {
      throw new NaruException(
          ErrorCode.NOT_FOUND, "there is no pod '" + pod + "'; see: naru pod list");
    }
    return found;
  }
}
