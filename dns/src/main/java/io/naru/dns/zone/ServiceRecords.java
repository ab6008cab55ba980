package io.naru.dns.zone;

import io.naru.core.address.IpAddress;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendState;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServicePort;
import io.naru.core.text.DnsLabel;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Name;
import org.xbill.DNS.NameTooLongException;
import org.xbill.DNS.Record;
import org.xbill.DNS.TextParseException;

/**
 * The records of one service: sections 2.3 and 2.4 of the Kubernetes DNS specification 1.1.0. What
 * answers null does not exist.
 */
final class ServiceRecords {
  private final Service service;
  private final Name domain;

  /**
   * @param domain of services: {@code svc.cluster.local.}
   */
  ServiceRecords(Service service, Name domain) {
    this.service = service;
    this.domain = domain;
  }

  /** A headless service without backends is as good as none: section 2.4.1. */
  boolean exists() {
    return !service.isHeadless() || service.backends().stream().anyMatch(this::isPublished);
  }

  private boolean isPublished(Backend backend) {
    return backend.state() == BackendState.READY || service.publishesNotReady();
  }

  private List<Backend> published() {
    return service.backends().stream().filter(this::isPublished).toList();
  }

  /** Sections 2.3.1 and 2.4.1. */
  List<Record> addresses(Name owner) {
    Set<IpAddress> all = new LinkedHashSet<>(service.clusterIps());
    if (service.isHeadless()) {
      published().forEach(each -> all.add(each.address()));
    }
    return ZoneRecords.addresses(owner, all);
  }

  /** The addresses of a headless service's backends of that hostname; empty if there are none. */
  List<Record> addressesOf(String hostname, Name owner) {
    if (!service.isHeadless()) {
      return List.of();
    }
    Set<IpAddress> all = new LinkedHashSet<>();
    for (Backend each : service.backends()) {
      if (isPublished(each) && hostname(each).equals(hostname)) {
        all.add(each.address());
      }
    }
    return ZoneRecords.addresses(owner, all);
  }

  /** Whether there are SRV records below {@code _tcp} or {@code _udp}. */
  boolean hasPorts(String protocolLabel) {
    return service.ports().stream()
        .anyMatch(port -> !port.name().isEmpty() && label(port.protocol()).equals(protocolLabel));
  }

  private static String label(Protocol protocol) {
    return "_" + protocol;
  }

  private @Nullable ServicePort port(String portLabel, String protocolLabel) {
    for (ServicePort each : service.ports()) {
      if (!each.name().isEmpty()
          && portLabel.length() == each.name().length() + 1
          && portLabel.endsWith(each.name())
          && label(each.protocol()).equals(protocolLabel)) {
        return each;
      }
    }
    return null;
  }

  /** SRV records, and the addresses of what they name. */
  record Servers(List<Record> servers, List<Record> addresses) {}

  /**
   * Sections 2.3.2 and 2.4.2. Those of a headless service lead to the port at which its backends
   * listen: nothing translates on the way to them.
   */
  @Nullable Servers servers(Name owner, String portLabel, String protocolLabel) {
    ServicePort port = portLabel.startsWith("_") ? port(portLabel, protocolLabel) : null;
    if (port == null) {
      return null;
    }
    if (!service.isHeadless()) {
      Name target = name();
      return new Servers(
          List.of(ZoneRecords.server(owner, 100, port.port(), target)), addresses(target));
    }
    Map<String, Set<IpAddress>> hosts = new LinkedHashMap<>();
    published()
        .forEach(
            each ->
                hosts
                    .computeIfAbsent(hostname(each), name -> new LinkedHashSet<>())
                    .add(each.address()));
    int weight = Math.max(1, 100 / Math.max(1, hosts.size()));
    List<Record> servers = new ArrayList<>();
    List<Record> addresses = new ArrayList<>();
    hosts.forEach(
        (hostname, at) -> {
          Name target = below(hostname, name());
          servers.add(ZoneRecords.server(owner, weight, port.targetPort(), target));
          addresses.addAll(ZoneRecords.addresses(target, at));
        });
    return new Servers(servers, addresses);
  }

  /** Sections 2.3.3 and 2.4.3. */
  List<Record> pointers(Name owner, IpAddress address) {
    if (service.clusterIps().contains(address)) {
      return List.of(ZoneRecords.pointer(owner, name()));
    }
    if (!service.isHeadless()) {
      return List.of();
    }
    return service.backends().stream()
        .filter(each -> each.address().equals(address) && isPublished(each))
        .map(ServiceRecords::hostname)
        .distinct()
        .map(hostname -> ZoneRecords.pointer(owner, below(hostname, name())))
        .toList();
  }

  /** A backend's own hostname, or one that its address makes. */
  private static String hostname(Backend backend) {
    Optional<String> own = backend.hostname();
    if (own.isPresent()) {
      String name = own.get().toLowerCase(Locale.ROOT);
      if (DnsLabel.isOne(name)) {
        return name;
      }
    }
    return AddressLabel.of(backend.address());
  }

  private Name name() {
    return below(service.name().name(), below(service.name().namespace(), domain));
  }

  static Name below(String label, Name parent) {
    try {
      return Name.concatenate(Name.fromString(label), parent);
    } catch (NameTooLongException | TextParseException impossible) {
      throw new IllegalStateException("no name: " + label + "." + parent, impossible);
    }
  }
}
