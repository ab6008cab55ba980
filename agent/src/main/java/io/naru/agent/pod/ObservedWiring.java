package io.naru.agent.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.address.Prefix;
import io.naru.linux.route.Link;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the kernel holds for one attachment.
 *
 * @param host the node's end
 * @param hostRoutes destinations of the node's routes over that end
 * @param hostNeighbours permanent neighbours on that end
 * @param pod the pod's end
 * @param podAddresses addresses on the pod's end
 * @param podGateways gateways of the pod's default routes over its end
 * @param podNeighbours permanent neighbours on the pod's end
 */
record ObservedWiring(
    Optional<Link> host,
    Set<Prefix> hostRoutes,
    Map<IpAddress, MacAddress> hostNeighbours,
    Optional<Link> pod,
    Set<IpAddress> podAddresses,
    Set<IpAddress> podGateways,
    Map<IpAddress, MacAddress> podNeighbours) {
  ObservedWiring {
    hostRoutes = Set.copyOf(hostRoutes);
    hostNeighbours = Map.copyOf(hostNeighbours);
    podAddresses = Set.copyOf(podAddresses);
    podGateways = Set.copyOf(podGateways);
    podNeighbours = Map.copyOf(podNeighbours);
  }
}
