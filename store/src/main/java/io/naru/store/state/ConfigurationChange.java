package io.naru.store.state;

import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceName;
import java.util.ArrayList;
import java.util.List;

/**
 * What may change in the configuration of a network that has nodes. The addresses may not while a
 * node has blocks of them, but the network may gain a family; the agents' port may not while a node
 * knows the store by it; nor may a block of services' addresses go while a service has one of it.
 * All else may: the nodes learn it by their watch.
 */
final class ConfigurationChange {
  private ConfigurationChange() {}

  static List<StateEvent> events(ClusterState state, NetworkConfiguration wanted) {
    NetworkConfiguration stored = state.configuration();
    if (wanted.equals(stored)) {
      return List.of();
    }
    List<String> refused = new ArrayList<>();
    if (!state.claims().isEmpty()) {
      String holders =
          state.claims().size() == 1
              ? "node " + state.claims().firstKey() + " has a pod CIDR"
              : state.claims().size() + " nodes have pod CIDRs";
      if (!wanted.clusterCidrs().containsAll(stored.clusterCidrs())) {
        refused.add(
            "clusterCidrs is "
                + stored.clusterCidrs()
                + " and "
                + holders
                + " of it, so it cannot become "
                + wanted.clusterCidrs());
      }
      if (stored.clusterCidrs().stream()
          .map(Prefix::family)
          .anyMatch(family -> wanted.podCidrLength(family) != stored.podCidrLength(family))) {
        refused.add("podCidrLengthIpv4 and podCidrLengthIpv6 cannot change, for " + holders);
      }
    }
    if (!state.pinnedKeys().isEmpty() && wanted.agentPort() != stored.agentPort()) {
      refused.add(
          "agentPort is "
              + stored.agentPort()
              + " and nodes have joined that look for the store there");
    }
    List<ServiceName> outside = ServiceAddresses.outside(state.services(), wanted.services());
    if (!outside.isEmpty()) {
      refused.add(
          "serviceCidrs cannot become "
              + wanted.services().serviceCidrs()
              + ", for "
              + outside.size()
              + " services have other addresses, like "
              + outside.getFirst()
              + " (remove them with: naru service rm NAME)");
    }
    if (!refused.isEmpty()) {
      throw new NaruException(
          ErrorCode.CONFLICT,
          "the network's configuration cannot change like that: "
              + String.join("; ", refused)
              + "; withdraw the nodes first with: naru node rm NAME, or keep the old values");
    }
    return List.of(new StateEvent.ConfigurationSet(wanted));
  }
}
