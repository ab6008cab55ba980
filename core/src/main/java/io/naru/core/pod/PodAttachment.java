package io.naru.core.pod;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.MacAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.RouteTables;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod's interface and its lease of addresses.
 *
 * @param key container and interface
 * @param network name of the CNI network that the runtime attached it to
 * @param netnsPath file of the pod's network namespace when it was attached
 * @param addresses the pod's own, at most one a family
 * @param gateways the pod's next hops, one for each of its addresses
 * @param hostInterface the node's end of the veth pair
 * @param hostMac address of that end: the pod's next hop
 * @param podMac address of the pod's end
 * @param mtu bytes, of both ends
 * @param createdAt when the lease was given
 * @param arguments the runtime's CNI_ARGS, for example K8S_POD_NAMESPACE
 * @param routeTables for each gateway the pod's routing table whose default route leads to it: the
 *     main one, or one for this interface alone where another interface has the default route
 */
public record PodAttachment(
    AttachmentKey key,
    String network,
    String netnsPath,
    List<IpAddress> addresses,
    List<IpAddress> gateways,
    String hostInterface,
    MacAddress hostMac,
    MacAddress podMac,
    int mtu,
    Instant createdAt,
    Map<String, String> arguments,
    List<Integer> routeTables) {
  public PodAttachment {
    addresses = List.copyOf(addresses);
    gateways = List.copyOf(gateways);
    if (gateways.size() != addresses.size()) {
      throw new NaruException(
          ErrorCode.MALFORMED, "a pod must have as many gateways as it has addresses");
    }
    for (int i = 0; i < gateways.size(); i++) {
      if (gateways.get(i).family() != addresses.get(i).family()) {
        throw new NaruException(
            ErrorCode.MALFORMED, "a pod's gateways must be of its addresses' families, in order");
      }
    }
    arguments = Map.copyOf(arguments);
    routeTables = List.copyOf(routeTables);
    if (routeTables.size() != gateways.size()) {
      throw new NaruException(
          ErrorCode.MALFORMED, "a pod must have a routing table for each of its gateways");
    }
  }

  /** With default routes in the pod's main table. */
  public PodAttachment(
      AttachmentKey key,
      String network,
      String netnsPath,
      List<IpAddress> addresses,
      List<IpAddress> gateways,
      String hostInterface,
      MacAddress hostMac,
      MacAddress podMac,
      int mtu,
      Instant createdAt,
      Map<String, String> arguments) {
    this(
        key,
        network,
        netnsPath,
        addresses,
        gateways,
        hostInterface,
        hostMac,
        podMac,
        mtu,
        createdAt,
        arguments,
        gateways.stream().map(gateway -> RouteTables.MAIN).toList());
  }

  /** The same with its default routes in these tables. */
  public PodAttachment withRouteTables(List<Integer> tables) {
    return with(mtu, tables);
  }

  /** The same with another MTU, in bytes. */
  public PodAttachment withMtu(int newMtu) {
    return with(newMtu, routeTables);
  }

  private PodAttachment with(int newMtu, List<Integer> tables) {
    return new PodAttachment(
        key,
        network,
        netnsPath,
        addresses,
        gateways,
        hostInterface,
        hostMac,
        podMac,
        newMtu,
        createdAt,
        arguments,
        tables);
  }

  /** Whether all its default routes are in the pod's main table. */
  public boolean isDefault() {
    return routeTables.stream().allMatch(table -> table == RouteTables.MAIN);
  }

  public Optional<IpAddress> address(IpFamily family) {
    return addresses.stream().filter(address -> address.family() == family).findFirst();
  }

  /** How to name the pod to people: as Kubernetes does, or by its container. */
  public String displayName() {
    String name = arguments.get("K8S_POD_NAME");
    String namespace = arguments.get("K8S_POD_NAMESPACE");
    return name == null ? key.containerId() : namespace == null ? name : namespace + "/" + name;
  }

  /** The mark on the node's end of the veth pair that says whose it is. */
  public String alias() {
    return HostEnd.alias(key);
  }
}
