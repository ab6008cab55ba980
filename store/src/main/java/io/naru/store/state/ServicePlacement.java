package io.naru.store.state;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.ServiceSettings;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts services there, with the addresses and node ports that their wishes leave open: all of them,
 * or none and every mistake is named.
 */
final class ServicePlacement {
  static final int MOST_SERVICES = 50_000;
  private static final int MOST_MISTAKES = 50;

  private final ClusterState state;
  private final ServiceSettings settings;
  private final List<ServiceWish> wishes;
  private final Set<ServiceName> names = new HashSet<>();
  private final ServiceAddresses taken;
  private final List<String> mistakes = new ArrayList<>();
  private int wrongEntries;
  private boolean conflict;

  private ServicePlacement(ClusterState state, List<ServiceWish> wishes) {
    this.state = state;
    this.settings = state.configuration().services();
    this.wishes = wishes;
    wishes.forEach(wish -> names.add(wish.service().name()));
    this.taken = new ServiceAddresses(state, names);
  }

  static List<StateEvent> events(ClusterState state, List<ServiceWish> wishes) {
    return new ServicePlacement(state, wishes).events();
  }

  private List<StateEvent> events() {
    refuseTooMany();
    List<Service> fixed = new ArrayList<>();
    Set<ServiceName> seen = new HashSet<>();
    for (int i = 0; i < wishes.size(); i++) {
      Service service = kept(wishes.get(i));
      fixed.add(service);
      List<String> wrong =
          ServiceRules.mistakes(wishes.get(i), families(wishes.get(i), service), settings);
      if (seen.add(service.name())) {
        takeWhatIsSaid(service, wrong);
      } else {
        wrong.add("an entry before it has the same name");
      }
      note(i, wrong);
    }
    refuseMistakes();
    // What the wishes leave open comes last: nobody shall get what another one says.
    List<StateEvent> events = new ArrayList<>();
    for (int i = 0; i < wishes.size(); i++) {
      Service service = completed(wishes.get(i), fixed.get(i));
      if (!service.equals(state.services().get(service.name()))) {
        events.add(new StateEvent.ServicePut(service));
      }
    }
    return events;
  }

  private void refuseTooMany() {
    long added = names.stream().filter(name -> !state.services().containsKey(name)).count();
    if (added > 0 && state.services().size() + added > MOST_SERVICES) {
      throw new NaruException(
          ErrorCode.EXHAUSTED,
          "there would be "
              + (state.services().size() + added)
              + " services; "
              + MOST_SERVICES
              + " are the most; remove some with: naru service rm NAME");
    }
  }

  /** The service with what it keeps of the one that it replaces. */
  private Service kept(ServiceWish wish) {
    Service service = wish.service();
    Service before = state.services().get(service.name());
    if (before == null) {
      return service;
    }
    if (!wish.headless() && service.clusterIps().isEmpty()) {
      service = service.withClusterIps(before.clusterIps());
    }
    if (wish.nodePorts()) {
      service =
          service.withPorts(
              service.ports().stream().map(port -> withNodePortOf(before, port)).toList());
    }
    return service;
  }

  private static ServicePort withNodePortOf(Service before, ServicePort port) {
    if (port.nodePort().isPresent()) {
      return port;
    }
    for (ServicePort other : before.ports()) {
      if (other.port() == port.port()
          && other.protocol() == port.protocol()
          && other.nodePort().isPresent()) {
        return port.withNodePort(other.nodePort().get());
      }
    }
    return port;
  }

  /** The families of the addresses that a service will have. */
  private Set<IpFamily> families(ServiceWish wish, Service service) {
    Set<IpFamily> families = EnumSet.noneOf(IpFamily.class);
    if (!wish.headless()) {
      service.clusterIps().forEach(address -> families.add(address.family()));
      if (families.isEmpty()) {
        settings.serviceCidrs().forEach(cidr -> families.add(cidr.family()));
      }
    }
    return families;
  }

  private void takeWhatIsSaid(Service service, List<String> wrong) {
    Set<IpAddress> own = new HashSet<>();
    for (IpAddress address : service.clusterIps()) {
      if (own.add(address)) {
        conflict(
            taken
                .take(address, service.name())
                .map(owner -> "the cluster IP " + address + " is service " + owner + "'s"),
            wrong);
      }
    }
    for (ServicePort port : service.ports()) {
      if (port.nodePort().isPresent()) {
        int number = port.nodePort().get();
        conflict(
            taken
                .take(port, number, service.name())
                .map(owner -> "the node port " + number + "/" + port.protocol() + " is " + owner),
            wrong);
      }
    }
  }

  private void conflict(Optional<String> mistake, List<String> wrong) {
    if (mistake.isPresent()) {
      conflict = true;
      wrong.add(mistake.get());
    }
  }

  private Service completed(ServiceWish wish, Service service) {
    Service complete = service;
    if (!wish.headless() && service.clusterIps().isEmpty()) {
      List<IpAddress> addresses = new ArrayList<>();
      for (Prefix cidr : settings.serviceCidrs()) {
        addresses.add(taken.free(cidr, service.name()));
      }
      complete = complete.withClusterIps(addresses);
    }
    if (wish.nodePorts() && service.ports().stream().anyMatch(port -> port.nodePort().isEmpty())) {
      List<ServicePort> ports = new ArrayList<>();
      for (ServicePort port : service.ports()) {
        ports.add(
            port.nodePort().isPresent()
                ? port
                : port.withNodePort(taken.freeNodePort(port, service.name())));
      }
      complete = complete.withPorts(ports);
    }
    return complete;
  }

  private void note(int index, List<String> wrong) {
    if (wrong.isEmpty()) {
      return;
    }
    wrongEntries++;
    ServiceName name = wishes.get(index).service().name();
    String entry =
        wishes.size() == 1
            ? "service " + name + ": "
            : "entry " + (index + 1) + ", service " + name + ": ";
    for (String mistake : wrong) {
      if (mistakes.size() == MOST_MISTAKES) {
        mistakes.add("and more");
      }
      if (mistakes.size() > MOST_MISTAKES) {
        return;
      }
      mistakes.add(entry + mistake);
    }
  }

  private void refuseMistakes() {
    if (mistakes.isEmpty()) {
      return;
    }
    String summary =
        wishes.size() == 1
            ? ""
            : wrongEntries + " of " + wishes.size() + " services cannot be, so none is:\n  ";
    throw new NaruException(
        conflict ? ErrorCode.CONFLICT : ErrorCode.BAD_INPUT,
        summary + String.join("\n  ", mistakes));
  }
}
