package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.linux.route.Link;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a pod's namespace holds for one attachment.
 *
 * @param link the pod's end
 * @param addresses on that end
 * @param gateways of its default routes that are in the table they belong to
 * @param neighbours permanent ones on that end
 */
record ObservedPodEnd(
    Optional<Link> link,
    Set<IpAddress> addresses,
    Set<IpAddress> gateways,
    Map<IpAddress, MacAddress> neighbours) {
  static final ObservedPodEnd NONE =
      new ObservedPodEnd(Optional.empty(), Set.of(), Set.of(), Map.of());

  ObservedPodEnd {
    addresses = Set.copyOf(addresses);
    gateways = Set.copyOf(gateways);
    neighbours = Map.copyOf(neighbours);
  }
}
