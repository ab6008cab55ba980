package io.naru.store.state;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceName;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Removes services: all of them, or none and those that are not there are named. */
final class ServiceRemoval {
  private static final int MOST_NAMED = 20;

  private ServiceRemoval() {}

  static List<StateEvent> events(ClusterState state, List<ServiceName> names) {
    Set<ServiceName> unknown = new LinkedHashSet<>(names);
    unknown.removeAll(state.services().keySet());
    if (!unknown.isEmpty()) {
      throw new NaruException(
          ErrorCode.NOT_FOUND,
          "there is no service "
              + unknown.stream()
                  .limit(MOST_NAMED)
                  .map(ServiceName::toString)
                  .collect(Collectors.joining(", "))
              + (unknown.size() > MOST_NAMED
                  ? " and " + (unknown.size() - MOST_NAMED) + " more"
                  : "")
              + "; see: naru service list");
    }
    return names.stream().distinct().<StateEvent>map(StateEvent.ServiceRemoved::new).toList();
  }
}
