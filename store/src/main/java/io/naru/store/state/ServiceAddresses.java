package io.naru.store.state;

import static io.naru.core.service.ServicePort.FIRST_NODE_PORT;
import static io.naru.core.service.ServicePort.LAST_NODE_PORT;

import io.naru.core.address.IpAddress;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.ServiceSettings;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * Which service has which address and node port while some are put in place of others. Those that
 * are put may change hands among themselves. What services outside of the change have is only
 * looked up once somebody wants something new: a change of backends alone costs no search.
 */
final class ServiceAddresses {
  /** The block's own address and ten for people to give away. */
  private static final int KEPT_FOR_PEOPLE = 11;

  /** FNV-1a, 64 bits (RFC 9923): the same name leads to the same place in every program. */
  private static final long HASH_BASIS = 0xcbf2_9ce4_8422_2325L;

  private static final long HASH_PRIME = 0x100_0000_01b3L;

  private record NodePort(Protocol protocol, int number) {}

  private record Others(Map<IpAddress, ServiceName> addresses, Map<NodePort, ServiceName> ports) {}

  private final ClusterState state;
  private final Set<ServiceName> replaced;
  private final Map<IpAddress, ServiceName> addresses = new HashMap<>();
  private final Map<NodePort, ServiceName> nodePorts = new HashMap<>();
  private @Nullable Others others;

  /**
   * @param replaced the services whose addresses are free to be taken again
   */
  ServiceAddresses(ClusterState state, Set<ServiceName> replaced) {
    this.state = state;
    this.replaced = new HashSet<>(replaced);
  }

  /** The services that have an address which is of none of the blocks. */
  static List<ServiceName> outside(
      SortedMap<ServiceName, Service> services, ServiceSettings settings) {
    return services.values().stream()
        .filter(
            service ->
                service.clusterIps().stream()
                    .anyMatch(
                        address ->
                            settings
                                .serviceCidr(address.family())
                                .filter(cidr -> cidr.contains(address))
                                .isEmpty()))
        .map(Service::name)
        .toList();
  }

  /** Takes an address; where another service has it nothing is taken, and that one returned. */
  Optional<ServiceName> take(IpAddress address, ServiceName name) {
    ServiceName owner = addresses.get(address);
    if (owner == null && !had(name, address)) {
      owner = others().addresses.get(address);
    }
    if (owner == null) {
      addresses.put(address, name);
    }
    return Optional.ofNullable(owner);
  }

  private boolean had(ServiceName name, IpAddress address) {
    Service before = state.services().get(name);
    return before != null && before.clusterIps().contains(address);
  }

  /** Takes a node port; where another has it nothing is taken, and that one's words returned. */
  Optional<String> take(ServicePort port, int number, ServiceName name) {
    NodePort wanted = new NodePort(port.protocol(), number);
    Optional<String> network = ofTheNetwork(wanted);
    if (network.isPresent()) {
      return network;
    }
    ServiceName owner = nodePorts.get(wanted);
    if (owner == null && !had(name, wanted)) {
      owner = others().ports.get(wanted);
    }
    if (owner == null) {
      nodePorts.put(wanted, name);
      return Optional.empty();
    }
    return Optional.of(owner.equals(name) ? "another port's of it" : "service " + owner + "'s");
  }

  private Optional<String> ofTheNetwork(NodePort port) {
    NetworkConfiguration network = state.configuration();
    return switch (port.protocol) {
      case UDP -> port.number == network.vxlanPort() ? Optional.of("vxlanPort") : Optional.empty();
      case TCP -> port.number == network.agentPort() ? Optional.of("agentPort") : Optional.empty();
    };
  }

  private boolean had(ServiceName name, NodePort wanted) {
    Service before = state.services().get(name);
    return before != null
        && before.ports().stream()
            .anyMatch(
                port ->
                    port.protocol() == wanted.protocol
                        && port.nodePort().filter(n -> n == wanted.number).isPresent());
  }

  private Others others() {
    Others known = others;
    if (known == null) {
      known = new Others(new HashMap<>(), new HashMap<>());
      for (Service service : state.services().values()) {
        if (!replaced.contains(service.name())) {
          for (IpAddress address : service.clusterIps()) {
            known.addresses.put(address, service.name());
          }
          for (ServicePort port : service.ports()) {
            if (port.nodePort().isPresent()) {
              known.ports.put(new NodePort(port.protocol(), port.nodePort().get()), service.name());
            }
          }
        }
      }
      others = known;
    }
    return known;
  }

  /**
   * A free address of a block: the one that the name leads to, or the next free after it.
   *
   * @throws NaruException EXHAUSTED if none is left
   */
  IpAddress free(Prefix cidr, ServiceName name) {
    long last = cidr.size() - (cidr.address().isIpv4() ? 2 : 1);
    long count = Math.min(last - KEPT_FOR_PEOPLE + 1, 1L << 40);
    long start = Math.floorMod(hash(name.toString()), count);
    List<IpAddress> dns = state.configuration().services().dnsAddresses();
    for (long i = 0; i < count; i++) {
      IpAddress address = cidr.address().plus(KEPT_FOR_PEOPLE + (start + i) % count);
      if (!dns.contains(address) && take(address, name).isEmpty()) {
        return address;
      }
    }
    throw new NaruException(
        ErrorCode.EXHAUSTED,
        "no address of "
            + cidr
            + " is left for service "
            + name
            + ": all "
            + count
            + " that the store gives away are taken; remove services with: naru service rm NAME, or"
            + " choose one of the first ten with --cluster-ip");
  }

  /**
   * A free node port, likewise.
   *
   * @throws NaruException EXHAUSTED if none is left
   */
  int freeNodePort(ServicePort port, ServiceName name) {
    int count = LAST_NODE_PORT - FIRST_NODE_PORT + 1;
    int start = (int) Math.floorMod(hash(name + " " + port), (long) count);
    for (int i = 0; i < count; i++) {
      int number = FIRST_NODE_PORT + (start + i) % count;
      if (take(port, number, name).isEmpty()) {
        return number;
      }
    }
    throw new NaruException(
        ErrorCode.EXHAUSTED,
        "no node port from "
            + FIRST_NODE_PORT
            + " to "
            + LAST_NODE_PORT
            + " is left for "
            + port
            + " of service "
            + name
            + "; remove services that have some, or their node ports");
  }

  private static long hash(String text) {
    long hash = HASH_BASIS;
    for (int i = 0; i < text.length(); i++) {
      hash = (hash ^ text.charAt(i)) * HASH_PRIME;
    }
    return hash ^ hash >>> 32;
  }
}
