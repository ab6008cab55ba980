package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.collection.OrderedDifference;
import io.naru.core.collection.VersionedMap;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.HashTreePMap;
import org.pcollections.PMap;

/**
 * Services by name, by address and by namespace. Never altered; the next one shares what stayed.
 *
 * @param services by name
 * @param byAddress whose ClusterIP an address is, or which headless services' backend
 * @param namespaces how many services each has
 */
record ServiceIndex(
    SortedMap<ServiceName, Service> services,
    PMap<IpAddress, List<ServiceName>> byAddress,
    PMap<String, Integer> namespaces) {

  static final ServiceIndex EMPTY =
      new ServiceIndex(Collections.emptySortedMap(), HashTreePMap.empty(), HashTreePMap.empty());

  @Nullable Service service(ServiceName name) {
    return services.get(name);
  }

  boolean hasNamespace(String namespace) {
    return namespaces.containsKey(namespace);
  }

  /** Services that have, or had, to do with an address; never null. */
  List<Service> at(IpAddress address) {
    List<ServiceName> names = byAddress.getOrDefault(address, List.of());
    List<Service> found = new ArrayList<>(names.size());
    for (ServiceName name : names) {
      Service service = services.get(name);
      if (service != null) {
        found.add(service);
      }
    }
    return found;
  }

  /** The index of other services; {@code this} where nothing differs. */
  ServiceIndex with(Map<ServiceName, Service> next) {
    SortedMap<ServiceName, Service> others =
        next instanceof VersionedMap<ServiceName, Service> version
            ? version
            : Collections.unmodifiableSortedMap(new TreeMap<>(next));
    List<Service> gone = new ArrayList<>();
    List<Service> come = new ArrayList<>();
    OrderedDifference.forEach(
        services,
        others,
        (name, before, now) -> {
          if (before != null) {
            gone.add(before);
          }
          if (now != null) {
            come.add(now);
          }
        });
    if (gone.isEmpty() && come.isEmpty()) {
      return this;
    }
    return new ServiceIndex(others, addresses(gone, come), namespaces(gone, come));
  }

  private PMap<IpAddress, List<ServiceName>> addresses(List<Service> gone, List<Service> come) {
    PMap<IpAddress, List<ServiceName>> next = byAddress;
    for (Service each : gone) {
      for (IpAddress address : addresses(each)) {
        List<ServiceName> rest =
            next.getOrDefault(address, List.of()).stream()
                .filter(name -> !name.equals(each.name()))
                .toList();
        next = rest.isEmpty() ? next.minus(address) : next.plus(address, rest);
      }
    }
    for (Service each : come) {
      for (IpAddress address : addresses(each)) {
        List<ServiceName> more = new ArrayList<>(next.getOrDefault(address, List.of()));
        more.add(each.name());
        next = next.plus(address, List.copyOf(more));
      }
    }
    return next;
  }

  private static Set<IpAddress> addresses(Service service) {
    Collection<IpAddress> all =
        service.isHeadless()
            ? service.backends().stream().map(Backend::address).toList()
            : service.clusterIps();
    return new LinkedHashSet<>(all);
  }

  private PMap<String, Integer> namespaces(List<Service> gone, List<Service> come) {
    PMap<String, Integer> next = namespaces;
    for (Service each : gone) {
      next = counted(next, each, -1);
    }
    for (Service each : come) {
      next = counted(next, each, 1);
    }
    return next;
  }

  private static PMap<String, Integer> counted(
      PMap<String, Integer> counts, Service service, int difference) {
    String namespace = service.name().namespace();
    int now = counts.getOrDefault(namespace, 0) + difference;
    return now == 0 ? counts.minus(namespace) : counts.plus(namespace, now);
  }
}
