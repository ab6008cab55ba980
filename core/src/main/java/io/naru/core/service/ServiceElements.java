package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.digest.Sha256;
import io.naru.core.service.PickChain.Front;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What the services' table holds for one service: elements of its maps, and the chains they lead
 * to.
 *
 * @param elements of its own; no other service has any of them
 * @param shared elements that other services may have too
 * @param chains that its elements lead to
 */
public record ServiceElements(
    Set<MapElement> elements, Set<MapElement> shared, Set<PickChainName> chains) {
  /** Nothing. */
  public static final ServiceElements NONE = new ServiceElements(Set.of(), Set.of(), Set.of());

  /** Where a connection goes that gets no backend: it is refused at once. */
  static final String REFUSE = "refuse";

  /**
   * A chain by its name.
   *
   * @param rules its rules, a line each
   */
  public record PickChainName(String name, List<String> rules) {}

  /** The elements of a service on a node. */
  public static ServiceElements of(Service service, BackendChoice choice) {
    Made made = new Made(service, choice);
    for (IpFamily family : IpFamily.values()) {
      service.clusterIp(family).ifPresent(address -> made.family(family, address));
    }
    return new ServiceElements(made.elements, made.shared, made.chains);
  }

  private static final class Made {
    final Service service;
    final BackendChoice choice;
    final Set<MapElement> elements = new LinkedHashSet<>();
    final Set<MapElement> shared = new LinkedHashSet<>();
    final Set<PickChainName> chains = new LinkedHashSet<>();

    Made(Service service, BackendChoice choice) {
      this.service = service;
      this.choice = choice;
    }

    void family(IpFamily family, IpAddress clusterIp) {
      String digit = PickChain.digit(family);
      List<Backend> internal = choice.of(service, family, service.internal());
      List<Backend> everywhere = choice.of(service, family, TrafficPolicy.CLUSTER);
      for (ServicePort port : service.ports()) {
        String at = port.protocol() + " . " + port.port();
        String front = clusterIp + " . " + at;
        front("services" + digit, front, pick(Front.CLUSTER, family, port, front, internal));
        if (port.nodePort().isPresent()) {
          String node = port.protocol() + " . " + port.nodePort().get();
          String toAll = pick(Front.NODE, family, port, node, everywhere);
          front("node_ports" + digit, node, toAll);
          front(
              "external_ports" + digit,
              node,
              switch (service.external()) {
                case CLUSTER -> toAll;
                case LOCAL -> local(family, port, node);
              });
        }
        everywhere.stream()
            .filter(backend -> !choice.places().isPod(backend.address()))
            .forEach(
                backend ->
                    shared.add(
                        new MapElement(
                            "host_backends" + digit,
                            backend.address() + " . " + port.protocol() + " . " + port.targetPort(),
                            "")));
      }
    }

    private void front(String map, String key, String verdict) {
      elements.add(new MapElement(map, key, verdict));
    }

    /** Balancers elsewhere learn from silence that this node has none (Kubernetes' KEP-1669). */
    private String local(IpFamily family, ServicePort port, String front) {
      List<Backend> here = choice.of(service, family, TrafficPolicy.LOCAL);
      return here.isEmpty() ? "drop" : pick(Front.LOCAL, family, port, front, here);
    }

    private String pick(
        Front front, IpFamily family, ServicePort port, String key, List<Backend> backends) {
      if (backends.isEmpty()) {
        return "goto " + REFUSE;
      }
      PickChain chain = new PickChain(front, backends.size(), service.affinitySeconds());
      chains.add(new PickChainName(chain.name(), chain.rules()));
      elements.add(new MapElement(front.targets(family), key, "" + port.targetPort()));
      List<String> ids = ids(backends);
      for (int slot = 0; slot < backends.size(); slot++) {
        String target = backends.get(slot).address().toString();
        String bySlot = key + " . " + slot;
        if (service.affinitySeconds().isPresent()) {
          elements.add(new MapElement(front.ids(family), bySlot, ids.get(slot)));
          elements.add(
              new MapElement(front.backendsById(family), key + " . " + ids.get(slot), target));
        } else {
          elements.add(new MapElement(front.backends(family), bySlot, target));
        }
      }
      return "goto " + chain.name();
    }
  }

  /**
   * A number of 32 bits for each backend, in the way nft writes the handles of traffic control: an
   * IPv4 address itself, and a digest of an IPv6 one. It must not depend on who else is a backend.
   */
  private static List<String> ids(List<Backend> backends) {
    Set<Integer> taken = new HashSet<>();
    List<String> ids = new ArrayList<>();
    for (Backend backend : backends) {
      int id = ByteBuffer.wrap(digest(backend.address())).getInt();
      // "none" and "root" have names of their own.
      while (id == 0 || id == -1 || !taken.add(id)) {
        id++;
      }
      ids.add("%04x:%04x".formatted(id >>> 16, id & 0xffff));
    }
    return ids;
  }

  private static byte[] digest(IpAddress address) {
    return address.isIpv4() ? address.toBytes() : Sha256.of(address.toString());
  }
}
