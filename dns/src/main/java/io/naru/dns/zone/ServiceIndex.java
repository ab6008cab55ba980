package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Services by name, by address and by namespace. Never altered; the next one shares what stayed.
 *
 * @param services by name
 * @param byAddress whose ClusterIP an address is, or which headless services' backend
 * @param namespaces how many services each has
 */
record ServiceIndex(
    Map<ServiceName, Service> services,
    SharedIndex<IpAddress, List<ServiceName>> byAddress,
    SharedIndex<String, Integer> namespaces) {

  static final ServiceIndex EMPTY =
      new ServiceIndex(Map.of(), SharedIndex.empty(), SharedIndex.empty());

  @Nullable Service service(ServiceName name) {
    return services.get(name);
  }

  boolean hasNamespace(String namespace) {
    return namespaces.get(namespace) != null;
  }

  /** Services that have, or had, to do with an address; never null. */
  List<Service> at(IpAddress address) {
    List<ServiceName> names = byAddress.get(address);
    if (names == null) {
      return List.of();
    }
    List<Service> found = new ArrayList<>(names.size());
    for (ServiceName name : names) {
      Service service = services.get(name);
      if (service != null) {
        found.add(service);
      }
    }
    return found;
  }

  /** The index of other services. Those that are the same objects cost one look each. */
  @SuppressWarnings("ReferenceEquality") // to compare 10,000 services field by field takes long
  ServiceIndex with(Map<ServiceName, Service> next) {
    Map<ServiceName, Service> others = Map.copyOf(next);
    List<Service> gone = new ArrayList<>();
    List<Service> come = new ArrayList<>();
    int stayed = 0;
    for (Map.Entry<ServiceName, Service> each : others.entrySet()) {
      Service before = services.get(each.getKey());
      if (before != null) {
        stayed++;
      }
      if (before != each.getValue()) {
        come.add(each.getValue());
        if (before != null) {
          gone.add(before);
        }
      }
    }
    if (stayed != services.size()) {
      services.values().stream()
          .filter(each -> !others.containsKey(each.name()))
          .forEach(gone::add);
    }
    if (gone.isEmpty() && come.isEmpty()) {
      return this;
    }
    return new ServiceIndex(others, addresses(gone, come), namespaces(gone, come));
  }

  private SharedIndex<IpAddress, List<ServiceName>> addresses(
      List<Service> gone, List<Service> come) {
    SharedIndex<IpAddress, List<ServiceName>>.Draft draft = byAddress.draft();
    for (Service each : gone) {
      for (IpAddress address : addresses(each)) {
        List<ServiceName> names = draft.get(address);
        if (names != null) {
          List<ServiceName> rest =
              names.stream().filter(name -> !name.equals(each.name())).toList();
          draft.put(address, rest.isEmpty() ? null : rest);
        }
      }
    }
    for (Service each : come) {
      for (IpAddress address : addresses(each)) {
        List<ServiceName> names = draft.get(address);
        if (names == null) {
          draft.put(address, List.of(each.name()));
        } else {
          List<ServiceName> more = new ArrayList<>(names);
          more.add(each.name());
          draft.put(address, List.copyOf(more));
        }
      }
    }
    return draft.finish();
  }

  private static Set<IpAddress> addresses(Service service) {
    Collection<IpAddress> all =
        service.isHeadless()
            ? service.backends().stream().map(Backend::address).toList()
            : service.clusterIps();
    return new LinkedHashSet<>(all);
  }

  private SharedIndex<String, Integer> namespaces(List<Service> gone, List<Service> come) {
    SharedIndex<String, Integer>.Draft draft = namespaces.draft();
    gone.forEach(each -> count(draft, each, -1));
    come.forEach(each -> count(draft, each, 1));
    return draft.finish();
  }

  private static void count(
      SharedIndex<String, Integer>.Draft draft, Service service, int difference) {
    String namespace = service.name().namespace();
    Integer before = draft.get(namespace);
    int now = (before == null ? 0 : before) + difference;
    draft.put(namespace, now == 0 ? null : now);
  }
}
