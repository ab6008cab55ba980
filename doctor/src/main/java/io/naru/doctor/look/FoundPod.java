package io.naru.doctor.look;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.linux.namespace.NetworkNamespace;
import java.util.List;
import java.util.Optional;

/**
 * A pod of this node, whoever runs it.
 *
 * @param namespace its network namespace, held open
 * @param hostInterface the node's end of its veth pair
 * @param addresses its own
 * @param mtu of its interface, in bytes
 */
record FoundPod(
    NetworkNamespace namespace, String hostInterface, List<IpAddress> addresses, int mtu)
    implements AutoCloseable {
  FoundPod {
    addresses = List.copyOf(addresses);
  }

  Optional<IpAddress> address(IpFamily family) {
    return addresses.stream().filter(address -> address.family() == family).findFirst();
  }

  @Override
  public void close() {
    namespace.close();
  }
}
