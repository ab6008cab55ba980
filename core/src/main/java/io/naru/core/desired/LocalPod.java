package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.List;

/**
 * A pod of this node, as the node's routes need it.
 *
 * @param hostInterface the node's end of the pod's veth pair
 * @param mac link-layer address of the pod's end
 */
public record LocalPod(String hostInterface, MacAddress mac, List<IpAddress> addresses) {
  public LocalPod {
    addresses = List.copyOf(addresses);
  }
}
