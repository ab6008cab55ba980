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
 */
record ObservedWiring(
    Optional<Link> host,
    Set<Prefix> hostRoutes,
    Map<IpAddress, MacAddress> hostNeighbours,
    ObservedPodEnd pod) {
  ObservedWiring {
    hostRoutes = Set.copyOf(hostRoutes);
    hostNeighbours = Map.copyOf(hostNeighbours);
  }
}
