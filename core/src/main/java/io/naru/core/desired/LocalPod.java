package io.naru.core.desired;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import java.util.List;
import java.util.Optional;

/**
 * A pod of this node, as the node's routes need it.
 *
 * @param hostInterface the node's end of the pod's veth pair
 * @param mac link-layer address of the pod's end
 * @param link how the node's end was made, where that is known
 */
public record LocalPod(
    String hostInterface, MacAddress mac, List<IpAddress> addresses, Optional<HostLink> link) {
  /**
   * The node's end as a link.
   *
   * @param mac its link-layer address, which the pod takes for its gateway's
   * @param mtu in bytes
   */
  public record HostLink(MacAddress mac, int mtu) {}

  public LocalPod {
    addresses = List.copyOf(addresses);
  }

  public LocalPod(String hostInterface, MacAddress mac, List<IpAddress> addresses) {
    this(hostInterface, mac, addresses, Optional.empty());
  }
}
