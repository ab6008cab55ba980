package io.naru.core.service;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import java.util.Collection;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Which flows are dead: the kernel goes on sending what belongs to a known flow to where the flow
 * began with, also when that is gone, for as long as its client asks. A connection over TCP notices
 * by itself, unless it began before there was a service at all: then it is no service's, and
 * neither is the next from the same port.
 */
public final class ServiceFlows {
  /** By an address of services, or by a port of the node where there is none. */
  private record Front(Protocol protocol, Optional<IpAddress> address, int port) {}

  private record Target(IpAddress address, int port) {}

  private final Map<Front, Set<Target>> living = new HashMap<>();

  /** Those that no service had before. */
  private final Set<Front> newNodePorts = new HashSet<>();

  private final List<Prefix> serviceCidrs;

  /**
   * @param before those that changed, as they were
   * @param services those that changed, as they are now
   * @param choice which backends new flows are given
   * @param serviceCidrs where every service is among them, the blocks of their addresses: what goes
   *     to an address of these that no service has is dead as well; else none
   */
  public ServiceFlows(
      Collection<Service> before,
      Collection<Service> services,
      BackendChoice choice,
      List<Prefix> serviceCidrs) {
    this.serviceCidrs = List.copyOf(serviceCidrs);
    // What a service gave up leads to nobody.
    before.forEach(service -> add(service.withBackends(List.of()), choice));
    services.forEach(service -> add(service, choice));
    services.forEach(service -> newNodePorts.addAll(nodePorts(service)));
    before.forEach(service -> newNodePorts.removeAll(nodePorts(service)));
  }

  private static Set<Front> nodePorts(Service service) {
    Set<Front> fronts = new HashSet<>();
    for (ServicePort port : service.ports()) {
      port.nodePort()
          .ifPresent(number -> fronts.add(new Front(port.protocol(), Optional.empty(), number)));
    }
    return fronts;
  }

  private void add(Service service, BackendChoice choice) {
    for (IpFamily family : IpFamily.values()) {
      Set<IpAddress> addresses = living(service, family, choice);
      for (ServicePort port : service.ports()) {
        Protocol protocol = port.protocol();
        if (service.clusterIp(family).isPresent()) {
          Set<Target> targets = new HashSet<>();
          addresses.forEach(address -> targets.add(new Target(address, port.targetPort())));
          living.put(new Front(protocol, service.clusterIp(family), port.port()), targets);
          port.nodePort()
              .ifPresent(
                  number ->
                      living
                          .computeIfAbsent(
                              new Front(protocol, Optional.empty(), number),
                              front -> new HashSet<>())
                          .addAll(targets));
        }
      }
    }
  }

  /** What new flows are given; and who is about to end may finish what it has. */
  private static Set<IpAddress> living(Service service, IpFamily family, BackendChoice choice) {
    Set<IpAddress> living = new HashSet<>();
    choice
        .of(service, family, TrafficPolicy.CLUSTER)
        .forEach(backend -> living.add(backend.address()));
    choice.of(service, family, service.internal()).forEach(b -> living.add(b.address()));
    service.backends().stream()
        .filter(backend -> backend.state() == BackendState.TERMINATING)
        .filter(backend -> !choice.places().isBroken(backend.address()))
        .forEach(backend -> living.add(backend.address()));
    return living;
  }

  /**
   * Of which protocols flows have to be looked at: a look costs time on a host with many.
   *
   * @param anyNew whether there was no such service before, so that connections may have begun
   *     without it
   */
  public Set<Protocol> toLookAt(boolean anyNew) {
    Set<Protocol> protocols = EnumSet.noneOf(Protocol.class);
    for (Protocol protocol : Protocol.values()) {
      boolean served = living.keySet().stream().anyMatch(front -> front.protocol() == protocol);
      switch (protocol) {
        case UDP -> {
          if (served || !serviceCidrs.isEmpty()) {
            protocols.add(protocol);
          }
        }
        case TCP -> {
          if (anyNew && served) {
            protocols.add(protocol);
          }
        }
      }
    }
    return protocols;
  }

  /** Whether there is a port of the nodes that flows may have been led to before. */
  public boolean hasNewNodePorts() {
    return !newNodePorts.isEmpty();
  }

  /**
   * Whether a flow to an address of this node began before its port was a service's: the kernel
   * keeps it from the service for as long as its client sends. A connection over TCP ends by
   * itself, and while it lasts it is one with a program of the node.
   *
   * @param destination where its first packet was sent, an address of this node
   * @param answersFrom who answers it
   */
  public boolean isOlderThanNodePort(
      Protocol protocol,
      IpAddress destination,
      int port,
      IpAddress answersFrom,
      int answersFromPort) {
    return protocol == Protocol.UDP
        && !destination.isLoopback()
        && destination.equals(answersFrom)
        && port == answersFromPort
        && newNodePorts.contains(new Front(protocol, Optional.empty(), port));
  }

  /**
   * Whether a flow leads to what is no backend any more, or never was one.
   *
   * @param destination where its first packet was sent
   * @param answersFrom who answers it
   */
  public boolean isDead(
      Protocol protocol,
      IpAddress destination,
      int port,
      IpAddress answersFrom,
      int answersFromPort) {
    boolean untranslated = destination.equals(answersFrom) && port == answersFromPort;
    Target target = new Target(answersFrom, answersFromPort);
    Set<Target> ofAddress = living.get(new Front(protocol, Optional.of(destination), port));
    boolean isService =
        ofAddress != null || serviceCidrs.stream().anyMatch(cidr -> cidr.contains(destination));
    return switch (protocol) {
      case TCP -> isService && untranslated;
      case UDP -> {
        if (isService) {
          yield ofAddress == null || !ofAddress.contains(target);
        }
        Set<Target> ofNode = living.get(new Front(protocol, Optional.empty(), port));
        // What the node itself answers at that port is no service's.
        yield ofNode != null && !untranslated && !ofNode.contains(target);
      }
    };
  }
}
