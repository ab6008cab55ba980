package io.naru.store.state;

import static io.naru.core.service.ServicePort.FIRST_NODE_PORT;
import static io.naru.core.service.ServicePort.LAST_NODE_PORT;

import io.naru.core.address.IpAddress;
import io.naru.core.address.IpFamily;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.ServiceSettings;
import io.naru.core.service.Backend;
import io.naru.core.service.Service;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceWish;
import io.naru.core.text.DnsLabel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with a service, whatever others there are; a clause for each mistake. */
final class ServiceRules {
  static final int MOST_BACKENDS = 1000;
  static final int MOST_PORTS = 100;
  private static final int LONGEST_AFFINITY = 86_400;

  private final ServiceWish wish;
  private final Service service;
  private final ServiceSettings settings;
  private final List<String> mistakes = new ArrayList<>();

  private ServiceRules(ServiceWish wish, ServiceSettings settings) {
    this.wish = wish;
    this.service = wish.service();
    this.settings = settings;
  }

  /**
   * The mistakes of a wish.
   *
   * @param families of the addresses that it would have; none if it is headless
   */
  static List<String> mistakes(ServiceWish wish, Set<IpFamily> families, ServiceSettings settings) {
    ServiceRules rules = new ServiceRules(wish, settings);
    rules.addresses();
    rules.ports();
    rules.backends(families);
    rules
        .service
        .affinitySeconds()
        .filter(seconds -> seconds < 1 || seconds > LONGEST_AFFINITY)
        .ifPresent(
            seconds ->
                rules.mistakes.add(
                    "an affinity of "
                        + seconds
                        + " s cannot be; choose from 1 to "
                        + LONGEST_AFFINITY));
    return rules.mistakes;
  }

  private void addresses() {
    if (wish.headless()) {
      if (!service.clusterIps().isEmpty()) {
        mistakes.add(
            "a headless service has no cluster IP; leave " + service.clusterIps() + " out");
      }
      return;
    }
    if (service.clusterIps().isEmpty() && settings.serviceCidrs().isEmpty()) {
      mistakes.add(
          "the network has no block for services' addresses; give the server's configuration"
              + " serviceCidrs");
    }
    for (IpAddress address : service.clusterIps()) {
      if (settings.serviceCidrs().stream().noneMatch(cidr -> cidr.contains(address))) {
        mistakes.add(
            "the cluster IP "
                + address
                + " is not inside the services' "
                + settings.serviceCidrs()
                + "; leave it out to get a free one");
      }
    }
    Set<IpFamily> families = new HashSet<>();
    for (IpAddress address : service.clusterIps()) {
      if (!families.add(address.family())) {
        mistakes.add("it has more than one cluster IP of " + address.family());
      }
    }
  }

  private void ports() {
    List<ServicePort> ports = service.ports();
    if (ports.isEmpty() && !wish.headless()) {
      mistakes.add("it has no port");
    }
    if (ports.size() > MOST_PORTS) {
      mistakes.add("it has " + ports.size() + " ports; " + MOST_PORTS + " are the most");
      return;
    }
    Set<String> names = new HashSet<>();
    Set<String> numbers = new HashSet<>();
    for (ServicePort port : ports) {
      if (!numbers.add(port.toString())) {
        mistakes.add("it has the port " + port + " twice");
      }
      if (port.name().isEmpty() ? ports.size() > 1 : !names.add(port.name())) {
        mistakes.add(
            port.name().isEmpty()
                ? "its port " + port + " needs a name, for there are several"
                : "it has two ports named " + port.name());
      }
      port.nodePort()
          .filter(number -> number < FIRST_NODE_PORT || number > LAST_NODE_PORT)
          .ifPresent(
              number ->
                  mistakes.add(
                      "the node port "
                          + number
                          + " is not from "
                          + FIRST_NODE_PORT
                          + " to "
                          + LAST_NODE_PORT));
    }
    if (wish.headless()
        && (wish.nodePorts() || ports.stream().anyMatch(port -> port.nodePort().isPresent()))) {
      mistakes.add("a headless service has no node ports");
    }
  }

  private void backends(Set<IpFamily> families) {
    List<Backend> backends = service.backends();
    if (backends.size() > MOST_BACKENDS) {
      mistakes.add("it has " + backends.size() + " backends; " + MOST_BACKENDS + " are the most");
      return;
    }
    Set<IpAddress> seen = new HashSet<>();
    for (Backend backend : backends) {
      IpAddress address = backend.address();
      if (!seen.add(address)) {
        mistakes.add("it has the backend " + address + " twice");
      }
      if (address.isMulticast()
          || address.isLoopback()
          || address.isUnspecified()
          || address.isLinkLocal()) {
        mistakes.add("the backend " + address + " cannot be reached from other hosts");
      }
      for (Prefix cidr : settings.serviceCidrs()) {
        if (cidr.contains(address)) {
          mistakes.add(
              "the backend " + address + " is a service's address, of " + cidr + ", not a host's");
        }
      }
      if (!families.isEmpty() && !families.contains(address.family())) {
        mistakes.add(
            "the backend "
                + address
                + " serves nothing: it has no cluster IP of "
                + address.family());
      }
      backend
          .hostname()
          .filter(hostname -> !DnsLabel.isOne(hostname))
          .ifPresent(
              hostname ->
                  mistakes.add(
                      "'"
                          + hostname
                          + "' cannot name the backend "
                          + address
                          + "; use 1 to 63 of a-z, 0-9 and '-'"));
    }
  }
}
