package io.naru.store;

import io.naru.core.cluster.Node;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.path.PathNotice;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
    Map<NodeName, Node> nodes,
    Map<NodeName, String> pinnedKeys,
    List<PathNotice> notices,
    Map<ServiceName, Service> services) {
  public ClusterSnapshot {
    Objects.requireNonNull(configuration, "configuration is missing");
    nodes = Collections.unmodifiableSortedMap(new TreeMap<>(nodes));
    pinnedKeys = Collections.unmodifiableSortedMap(new TreeMap<>(pinnedKeys));
    notices = List.copyOf(notices);
    // What a program before services wrote down does not have them.
    services =
        services == null
            ? Collections.emptySortedMap()
            : Collections.unmodifiableSortedMap(new TreeMap<>(services));
    services.values().forEach(service -> Objects.requireNonNull(service, "a service is missing"));
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
    differing(nodes, other.nodes, names);
    differing(pinnedKeys, other.pinnedKeys, names);
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
    differing(services, other.services, names);
    return Set.copyOf(names);
  }

  /** The same; services that another snapshot has alike are that one's objects. */
  public ClusterSnapshot withServicesOf(ClusterSnapshot known) {
    Map<ServiceName, Service> same = new TreeMap<>(services);
    same.replaceAll(
        (name, service) -> {
          Service there = known.services.get(name);
          return service.equals(there) ? there : service;
        });
    return new ClusterSnapshot(revision, configuration, nodes, pinnedKeys, notices, same);
  }

  private static <K extends Comparable<K>, V> void differing(
      Map<K, V> here, Map<K, V> there, Set<K> names) {
    // Both are ordered: a walk along the two, not thousands of searches.
    Iterator<Map.Entry<K, V>> left = here.entrySet().iterator();
    Iterator<Map.Entry<K, V>> right = there.entrySet().iterator();
    Map.Entry<K, V> one = next(left);
    Map.Entry<K, V> other = next(right);
    while (one != null || other != null) {
      int order = one == null ? 1 : other == null ? -1 : one.getKey().compareTo(other.getKey());
      if (order < 0 && one != null) {
        names.add(one.getKey());
        one = next(left);
      } else if (order > 0 && other != null) {
        names.add(other.getKey());
        other = next(right);
      } else if (one != null && other != null) {
        if (!Objects.equals(one.getValue(), other.getValue())) {
          names.add(one.getKey());
        }
        one = next(left);
        other = next(right);
      }
    }
  }

  private static <E> @Nullable E next(Iterator<E> entries) {
    return entries.hasNext() ? entries.next() : null;
  }

  private static void addNames(Collection<PathNotice> notices, Set<NodeName> names) {
    notices.forEach(notice -> names.addAll(namesOf(notice)));
  }

  private static List<NodeName> namesOf(PathNotice notice) {
    return List.of(notice.path().from(), notice.path().to());
  }
}
