package io.naru.agent.service;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.service.ServiceProgram.Change;
import io.naru.agent.service.ServiceProgram.Wish;
import io.naru.core.address.IpAddress;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.core.service.Backend;
import io.naru.core.service.BackendChoice;
import io.naru.core.service.BackendPlaces;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServicePort;
import io.naru.core.service.ServiceScript;
import io.naru.core.service.TrafficPolicy;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** The services' table in the kernel of a namespace, and the program that fills it. */
final class ProgrammedTable implements AutoCloseable {
  static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.VXLAN, TestCluster.node(1, 0), List.of(TestCluster.node(2, 0)));
  static final List<String> IPV4 = List.of("10.244.1.5", "10.244.1.6", "10.244.1.7");
  static final List<String> IPV6 = List.of("fd44:0:0:1::5", "fd44:0:0:1::6", "fd44:0:0:1::7");
  static final String CLUSTER_IPV4 = "10.96.0.20";
  static final String CLUSTER_IPV6 = "fd00:10:96::20";
  static final int PORT = 80;
  static final int TARGET = 8080;
  static final int NODE_PORT = 30080;

  final TestNamespace host = new TestNamespace();
  final ServiceProgram program = new ServiceProgram();

  /** Makes the table, without services. */
  ProgrammedTable() {
    try {
      apply(ServiceScript.table(VIEW, false));
    } catch (RuntimeException | AssertionError failed) {
      host.close();
      throw failed;
    }
  }

  void apply(String script) {
    with(table -> table.apply(script));
  }

  /** Does something with the table in its namespace. */
  void with(Consumer<ServiceTable> action) {
    host.namespace()
        .run(
            () -> {
              try (ServiceTable table = new ServiceTable()) {
                action.accept(table);
              }
            });
  }

  /** Brings the kernel there from where it is. */
  void program(Service... wanted) {
    Wish wish = wish(wanted);
    Change change = program.toward(wish);
    with(
        table -> {
          table.apply(ServiceScript.chains(change.chains()));
          table.change(change.deleted(), change.added());
        });
    program.done(wish);
  }

  /** All of those, and no others. */
  static Wish wish(Service... wanted) {
    SortedMap<ServiceName, Service> services = new TreeMap<>();
    for (Service service : wanted) {
      services.put(service.name(), service);
    }
    return new Wish(
        services,
        new BackendChoice(BackendPlaces.of(VIEW, Set.of()), true),
        new HashSet<>(ServiceScript.hairpins(VIEW)));
  }

  static Service service(List<String> backends) {
    List<ServicePort> ports =
        Stream.of(Protocol.values())
            .map(
                protocol ->
                    new ServicePort(
                        protocol.toString(), protocol, PORT, TARGET, Optional.of(NODE_PORT)))
            .toList();
    return Service.of(
        ServiceName.parse("web"),
        List.of(IpAddress.parse(CLUSTER_IPV4), IpAddress.parse(CLUSTER_IPV6)),
        ports,
        backends.stream().map(IpAddress::parse).map(Backend::ready).toList());
  }

  static Service dualStack() {
    return service(Stream.concat(IPV4.stream(), IPV6.stream()).toList());
  }

  static Service keepingClients(Service service) {
    return new Service(
        service.name(),
        service.clusterIps(),
        service.ports(),
        service.backends(),
        Optional.of(600),
        TrafficPolicy.CLUSTER,
        TrafficPolicy.CLUSTER,
        false);
  }

  @Override
  public void close() {
    host.close();
  }
}
