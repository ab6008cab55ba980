package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.digest.Sha256;
import io.naru.core.service.MapElement.Value;
import io.naru.core.service.PickChain.Front;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

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
        Datum transport = new Datum.Transport(port.protocol());
        List<Datum> front =
            List.of(new Datum.Address(clusterIp), transport, new Datum.Port(port.port()));
        front("services" + digit, front, pick(Front.CLUSTER, family, port, front, internal));
        if (port.nodePort().isPresent()) {
          List<Datum> node = List.of(transport, new Datum.Port(port.nodePort().get()));
          Value toAll = pick(Front.NODE, family, port, node, everywhere);
          front("node_ports" + digit, node, toAll);
          front(
              "external_ports" + digit,
              node,
              switch (service.external()) {
                case CLUSTER -> toAll;
                case LOCAL -> local(family, port, node);
              });
        }
        Datum target = new Datum.Port(port.targetPort());
        everywhere.stream()
            .map(Backend::address)
            .filter(address -> !choice.places().isPod(address))
            .forEach(
                address ->
                    shared.add(
                        new MapElement(
                            "host_backends" + digit,
                            List.of(new Datum.Address(address), transport, target),
                            new Value.Nothing())));
      }
    }

    private void front(String map, List<Datum> key, Value verdict) {
      elements.add(new MapElement(map, key, verdict));
    }

    /** Balancers elsewhere learn from silence that this node has none (Kubernetes' KEP-1669). */
    private Value local(IpFamily family, ServicePort port, List<Datum> front) {
      List<Backend> here = choice.of(service, family, TrafficPolicy.LOCAL);
      return here.isEmpty() ? new Value.Drop() : pick(Front.LOCAL, family, port, front, here);
    }

    private Value pick(
        Front front, IpFamily family, ServicePort port, List<Datum> key, List<Backend> backends) {
      if (backends.isEmpty()) {
        return new Value.Chain(REFUSE);
      }
      PickChain chain = new PickChain(front, backends.size(), service.affinitySeconds());
      chains.add(new PickChainName(chain.name(), chain.rules()));
      add(front.targets(family), key, new Datum.Port(port.targetPort()));
      List<Datum> ids = service.affinitySeconds().isPresent() ? ids(backends) : List.of();
      for (int number = 0; number < backends.size(); number++) {
        Datum target = new Datum.Address(backends.get(number).address());
        List<Datum> bySlot = longer(key, new Datum.Slot(number));
        if (ids.isEmpty()) {
          add(front.backends(family), bySlot, target);
        } else {
          add(front.ids(family), bySlot, ids.get(number));
          add(front.backendsById(family), longer(key, ids.get(number)), target);
        }
      }
      return new Value.Chain(chain.name());
    }

    private void add(String map, List<Datum> key, Datum value) {
      elements.add(new MapElement(map, key, new Value.Of(value)));
    }

    private static List<Datum> longer(List<Datum> key, Datum last) {
      return Stream.concat(key.stream(), Stream.of(last)).toList();
    }
  }

  /**
   * A number of 32 bits for each backend: an IPv4 address itself, and a digest of an IPv6 one. It
   * must not depend on who else is a backend.
   */
  private static List<Datum> ids(List<Backend> backends) {
    Set<Integer> taken = new HashSet<>();
    List<Datum> ids = new ArrayList<>();
    for (Backend backend : backends) {
      int id = ByteBuffer.wrap(digest(backend.address())).getInt();
      // "none" and "root" have names of their own.
      while (id == 0 || id == -1 || !taken.add(id)) {
        id++;
      }
      ids.add(new Datum.Handle(id));
    }
    return ids;
  }

  private static byte[] digest(IpAddress address) {
    return address.isIpv4() ? address.toBytes() : Sha256.of(address.toString());
  }
}
