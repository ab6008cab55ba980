package io.naru.store;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.collection.OrderedDifference;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The cluster at one moment.
 *
 * @param revision grows with every change
 * @param configuration of the network
 * @param nodes those that have published themselves, ordered by name
 * @param pinnedKeys fingerprint of the key each node joined with
 * @param notices paths in trouble
 * @param services ordered by name; one that did not change is the same object in later snapshots
 */
public record ClusterSnapshot(
    long revision,
    NetworkConfiguration configuration,
    SortedMap<NodeName, Node> nodes,
    SortedMap<NodeName, String> pinnedKeys,
    List<PathNotice> notices,
    SortedMap<ServiceName, Service> services) {
  public ClusterSnapshot {
    Objects.requireNonNull(configuration, "configuration is missing");
    nodes = SharedMap.of(nodes);
    pinnedKeys = SharedMap.of(pinnedKeys);
    notices = List.copyOf(notices);
    // What a program before services wrote down does not have them.
    services = SharedMap.of(services == null ? new TreeMap<>() : services);
  }

  /** Every node that is named here in any way. */
  public Set<NodeName> names() {
    Set<NodeName> names = new HashSet<>(nodes.keySet());
    names.addAll(pinnedKeys.keySet());
    notices.forEach(notice -> names.addAll(namesOf(notice)));
    return Set.copyOf(names);
  }

  /** The nodes whose record, pinned key or notices differ. */
  public Set<NodeName> namesThatDiffer(ClusterSnapshot other) {
    Set<NodeName> names = new HashSet<>();
    OrderedDifference.forEach(nodes, other.nodes, (name, here, there) -> names.add(name));
    OrderedDifference.forEach(pinnedKeys, other.pinnedKeys, (name, here, there) -> names.add(name));
    if (!notices.equals(other.notices)) {
      Set<PathNotice> here = new HashSet<>(notices);
      Set<PathNotice> there = new HashSet<>(other.notices);
      addNames(notices.stream().filter(n -> !there.contains(n)).toList(), names);
      addNames(other.notices.stream().filter(n -> !here.contains(n)).toList(), names);
    }
    return Set.copyOf(names);
  }

  /** The services that only one of both has, or that differ. */
  public Set<ServiceName> servicesThatDiffer(ClusterSnapshot other) {
    Set<ServiceName> names = new HashSet<>();
    OrderedDifference.forEach(services, other.services, (name, here, there) -> names.add(name));
    return Set.copyOf(names);
  }

  /** The same; services that another snapshot has alike are that one's objects. */
  public ClusterSnapshot withServicesOf(ClusterSnapshot known) {
    TreeMap<ServiceName, Service> same = new TreeMap<>(services);
    same.replaceAll(
        (name, service) -> {
          Service there = known.services.get(name);
          return service.equals(there) ? there : service;
        });
    return new ClusterSnapshot(revision, configuration, nodes, pinnedKeys, notices, same);
  }

  private static void addNames(Collection<PathNotice> notices, Set<NodeName> names) {
    notices.forEach(notice -> names.addAll(namesOf(notice)));
  }

  private static List<NodeName> namesOf(PathNotice notice) {
    return List.of(notice.path().from(), notice.path().to());
  }
}
