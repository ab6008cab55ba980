package io.naru.agent.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.agent.TestCluster;
import io.naru.agent.TestNamespace;
import io.naru.agent.service.ServiceProgram.Change;
import io.naru.agent.service.ServiceProgram.Wish;
import io.naru.core.address.IpAddress;
import io.naru.core.cluster.NodeName;
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
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table in a kernel: one namespace is node and clients, and its addresses are the backends. */
class ServiceTableTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.VXLAN, TestCluster.node(1, 0), List.of(TestCluster.node(2, 0)));
  private static final List<String> IPV4 = List.of("10.244.1.5", "10.244.1.6", "10.244.1.7");
  private static final List<String> IPV6 =
      List.of("fd44:0:0:1::5", "fd44:0:0:1::6", "fd44:0:0:1::7");
  private static final String CLUSTER_IPV4 = "10.96.0.20";
  private static final String CLUSTER_IPV6 = "fd00:10:96::20";
  private static final int PORT = 80;
  private static final int TARGET = 8080;
  private static final int NODE_PORT = 30080;

  /** The name of a map or set, and its elements. */
  private static final Pattern FILLED =
      Pattern.compile("(?:map|set) (\\S+) \\{[^{}]*elements = \\{([^{}]*)\\}");

  private TestNamespace host;
  private EchoServers servers;
  private ServiceProgram program;
  private final Map<ServiceName, Service> services = new LinkedHashMap<>();

  @BeforeEach
  void start() {
    host = new TestNamespace();
    Stream.concat(IPV4.stream().map(a -> a + "/32"), IPV6.stream().map(a -> a + "/128"))
        .forEach(address -> host.run("ip address add " + address + " dev lo nodad"));
    host.run("ip address add 172.26.50.11/32 dev lo");
    host.run("ip address add fd26:50::11/128 dev lo nodad");
    host.run("ip route add 10.96.0.0/16 dev lo src 172.26.50.11");
    host.run("ip -6 route add fd00:10:96::/112 dev lo src fd26:50::11");
    servers =
        EchoServers.start(
            host.namespace(), Stream.concat(IPV4.stream(), IPV6.stream()).toList(), TARGET);
    program = new ServiceProgram();
    host.namespace().run(() -> apply(ServiceScript.table(VIEW, false)));
  }

  @AfterEach
  void stop() {
    servers.close();
    host.close();
  }

  private static void apply(String script) {
    try (ServiceTable table = new ServiceTable()) {
      table.apply(script);
    }
  }

  /** Brings the kernel there from where it is. */
  private void program(Service... wanted) {
    program(Set.of(), wanted);
  }

  private void program(Set<NodeName> broken, Service... wanted) {
    services.clear();
    for (Service service : wanted) {
      services.put(service.name(), service);
    }
    Wish wish = wish(broken);
    Change change = program.toward(wish);
    host.namespace()
        .run(
            () -> {
              try (ServiceTable table = new ServiceTable()) {
                table.apply(ServiceScript.chains(change.chains()));
                table.change(change.deleted(), change.added());
              }
            });
    program.done(wish);
  }

  private Wish wish(Set<NodeName> broken) {
    return new Wish(
        new TreeMap<>(services),
        new BackendChoice(BackendPlaces.of(VIEW, broken), true),
        new HashSet<>(ServiceScript.hairpins(VIEW)));
  }

  private static Service service(List<String> backends) {
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

  private static Service dualStack() {
    return service(Stream.concat(IPV4.stream(), IPV6.stream()).toList());
  }

  private static Service keepingClients(Service service) {
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

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void connectionsAreSpreadEvenlyOverTheBackends(String address) {
    program(dualStack());
    for (Protocol protocol : Protocol.values()) {
      Map<String, Integer> answers = servers.ask(protocol, address, PORT, 3000);
      assertThat(answers).as("%s %s", protocol, address).hasSize(3);
      assertThat(answers.values()).allMatch(count -> count >= 900 && count <= 1100);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void aClientKeepsItsBackendAlsoWhereOthersComeAndGo(String address) {
    Service keeping = keepingClients(dualStack());
    program(keeping);
    for (Protocol protocol : Protocol.values()) {
      String first = only(servers.ask(protocol, address, PORT, 50));
      Service others =
          keeping.withBackends(
              keeping.backends().stream()
                  .sorted(
                      (a, b) ->
                          Boolean.compare(
                              a.address().toString().equals(first),
                              b.address().toString().equals(first)))
                  .skip(1)
                  .toList());
      program(others);
      assertThat(only(servers.ask(protocol, address, PORT, 50))).isEqualTo(first);
      program(keeping);
      assertThat(only(servers.ask(protocol, address, PORT, 50))).isEqualTo(first);
      Service without =
          keeping.withBackends(
              keeping.backends().stream()
                  .filter(backend -> !backend.address().toString().equals(first))
                  .toList());
      program(without);
      String next = only(servers.ask(protocol, address, PORT, 50));
      assertThat(next).isNotEqualTo(first);
      program(keeping);
      assertThat(only(servers.ask(protocol, address, PORT, 50))).isEqualTo(next);
    }
  }

  private static String only(Map<String, Integer> answers) {
    assertThat(answers).hasSize(1);
    return answers.keySet().iterator().next();
  }

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void whoCannotBeRememberedForLackOfRoomIsServedAllTheSame(String address) {
    String small = ServiceScript.table(VIEW, false).replaceAll("size \\d+", "size 1");
    host.namespace().run(() -> apply(small));
    program(keepingClients(dualStack()));
    assertThat(servers.ask(Protocol.TCP, address, PORT, 20)).hasSize(1);
    assertThat(
            servers.ask(Protocol.UDP, address, PORT, 20).values().stream().mapToInt(n -> n).sum())
        .isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void aServiceWithoutBackendsRefusesAtOnce(String address) {
    program(service(List.of()));
    assertThatThrownBy(() -> servers.ask(Protocol.TCP, address, PORT, 1))
        .rootCause()
        .isInstanceOf(ConnectException.class);
    // The host's own datagrams do not even leave the program (EPERM).
    assertThatThrownBy(() -> servers.ask(Protocol.UDP, address, PORT, 1))
        .rootCause()
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    program(dualStack());
    assertThat(servers.ask(Protocol.TCP, address, PORT, 10)).isNotEmpty();
  }

  @Test
  void aPortOfTheNodeLeadsToTheSameBackends() {
    program(dualStack());
    for (Protocol protocol : Protocol.values()) {
      assertThat(servers.ask(protocol, "172.26.50.11", NODE_PORT, 300)).hasSize(3);
    }
  }

  @Test
  void aBackendThatWentGetsNoMoreConnectionsAndTheOthersAll() {
    program(dualStack());
    program(service(List.of(IPV4.get(0), IPV4.get(2))));
    assertThat(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 200).keySet())
        .containsExactlyInAnyOrder(IPV4.get(0), IPV4.get(2));
    program();
    assertThat(host.run("nft list map inet naru-services backends4")).doesNotContain("elements");
    assertThat(host.run("nft list map inet naru-services services4")).doesNotContain("elements");
  }

  /** Both ways write the same; nft reads back what the kernel was told without it. */
  @Test
  void elementsAreTheSameWhoeverWritesThem() {
    Service service = dualStack();
    for (Service wanted : List.of(service, keepingClients(service), service(List.of()))) {
      program(wanted);
      List<String> told = elements();
      assertThat(told).anyMatch(line -> line.contains(CLUSTER_IPV4 + " . tcp . 80 : goto"));
      host.namespace().run(() -> apply(ServiceScript.table(VIEW, false)));
      program.emptied();
      Change change = program.toward(wish(Set.of()));
      host.namespace()
          .run(
              () ->
                  apply(
                      ServiceScript.chains(change.chains()) + ServiceScript.added(change.added())));
      assertThat(elements()).isEqualTo(told);
      program.done(wish(Set.of()));
    }
    program();
    assertThat(elements()).isNotEmpty().allMatch(line -> line.startsWith("hairpin"));
  }

  /** Of every map and set, in an order that does not depend on how they lie in memory. */
  private List<String> elements() {
    String table = host.run("nft list table inet naru-services").replaceAll("\\s+", " ");
    Matcher filled = FILLED.matcher(table);
    return filled
        .results()
        .flatMap(
            found ->
                Stream.of(found.group(2).split(","))
                    .map(element -> found.group(1) + " " + element.strip()))
        .sorted()
        .toList();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "delete element inet naru-services services4 { 10.96.0.20 . tcp . 80 }",
        "add element inet naru-services targets6 { fd00:10:96::21 . tcp . 80 : 8080 }",
        "delete element inet naru-services backends4 { 10.96.0.20 . tcp . 80 . 1 };"
            + " add element inet naru-services backends4"
            + " { 10.96.0.20 . tcp . 80 . 1 : 10.244.1.5 }",
        "insert rule inet naru-services services accept",
        "flush chain inet naru-services pick_3",
        "delete table inet naru-services"
      })
  void whatNoNoticeToldOfIsFoundByComparing(String alteration) {
    List<Boolean> found = new ArrayList<>();
    services.put(dualStack().name(), dualStack());
    host.namespace()
        .run(
            () -> {
              try (ServiceTable table = new ServiceTable()) {
                Wish wish = wish(Set.of());
                Change change = program.toward(wish);
                table.make(
                    ServiceScript.table(VIEW, false) + ServiceScript.chains(change.chains()));
                table.change(change.deleted(), change.added());
                program.done(wish);
                found.add(table.isAs(program::forEachElement));
                host.run("nft add table inet somebodys");
                found.add(table.isAs(program::forEachElement));
                host.run("nft '" + alteration + "'");
                found.add(table.isAs(program::forEachElement));
              }
            });
    assertThat(found).containsExactly(true, true, false);
  }

  @Test
  void aTableThatLacksAMapIsNotTheSame() {
    List<ServiceTable.Found> found = new ArrayList<>();
    host.namespace()
        .run(
            () -> {
              try (ServiceTable table = new ServiceTable()) {
                String fingerprint = ServiceScript.fingerprintChain(VIEW);
                found.add(table.look(fingerprint));
                host.run(
                    "nft 'flush table inet naru-services; delete map inet naru-services targets4'");
                found.add(table.look(fingerprint));
                host.run("nft delete table inet naru-services");
                found.add(table.look(fingerprint));
              }
            });
    assertThat(found)
        .containsExactly(
            ServiceTable.Found.SAME, ServiceTable.Found.OTHER, ServiceTable.Found.NOTHING);
  }

  @Test
  void connectionsGoOnWhileTheTableIsMadeAnew() {
    program(dualStack());
    try (EchoServers.Conversation conversation = servers.converse(CLUSTER_IPV4, PORT)) {
      String before = conversation.ask();
      program.emptied();
      host.namespace().run(() -> apply(ServiceScript.table(VIEW, true)));
      assertThat(conversation.ask()).isEqualTo(before);
      program(service(List.of(IPV4.get(1))));
      assertThat(conversation.ask()).isEqualTo(before);
    }
  }

  @Test
  void whatTheKernelRemembersOfClientsOutlivesATableMadeAnew() {
    Service keeping = keepingClients(dualStack());
    program(keeping);
    String first = only(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 20));
    program.emptied();
    host.namespace().run(() -> apply(ServiceScript.table(VIEW, true)));
    program(keeping);
    assertThat(only(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 50))).isEqualTo(first);
  }
}
