package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import java.util.Map;
import java.util.Set;

/**
 * What a person may tell of the nodes, by their names; the captures say the rest.
 *
 * @param addresses in the underlay
 * @param podCidrs blocks of the nodes' pods, for direct routing
 */
public record ComparisonOptions(
    Map<String, Set<IpAddress>> addresses, Map<String, Set<Prefix>> podCidrs) {
  public static final ComparisonOptions NONE = new ComparisonOptions(Map.of(), Map.of());

  public ComparisonOptions {
    addresses = Map.copyOf(addresses);
    podCidrs = Map.copyOf(podCidrs);
  }

  Set<IpAddress> addressesOf(String node) {
    return addresses.getOrDefault(node, Set.of());
  }

  boolean isPodOf(String node, IpAddress address) {
    return podCidrs.getOrDefault(node, Set.of()).stream()
        .anyMatch(block -> block.contains(address));
  }
}
