package io.naru.agent.cni;

import io.naru.core.address.IpAddress;
import io.naru.core.address.MacAddress;
import io.naru.core.pod.AttachmentKey;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a runtime asks for with ADD.
 *
 * @param network name of the CNI network
 * @param netnsPath file of the pod's network namespace
 * @param arguments its CNI_ARGS
 * @param addresses those the pod must have; the node chooses for the families that are not among
 *     them
 * @param mac of the pod's interface; the node chooses when empty
 */
public record AttachmentWish(
    AttachmentKey key,
    String network,
    String netnsPath,
    Map<String, String> arguments,
    List<IpAddress> addresses,
    Optional<MacAddress> mac) {
  public AttachmentWish {
    arguments = Map.copyOf(arguments);
    addresses = List.copyOf(addresses);
  }

  /** Without special wishes. */
  public AttachmentWish(
      AttachmentKey key, String network, String netnsPath, Map<String, String> arguments) {
    this(key, network, netnsPath, arguments, List.of(), Optional.empty());
  }
}
