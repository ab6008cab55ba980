package io.naru.agent.service;

import static io.naru.agent.service.ProgrammedTable.*;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.agent.TestNamespace;
import io.naru.core.service.Protocol;
import io.naru.core.service.Service;
import io.naru.core.service.ServiceScript;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The table in a kernel: one namespace is node and clients, and its addresses are the backends. */
class ServiceTableTest {
  private ProgrammedTable made;
  private EchoServers servers;

  @BeforeEach
  void start() {
    made = new ProgrammedTable();
    TestNamespace host = made.host;
    Stream.concat(IPV4.stream().map(a -> a + "/32"), IPV6.stream().map(a -> a + "/128"))
        .forEach(address -> host.run("ip address add " + address + " dev lo nodad"));
    host.run("ip address add 172.26.50.11/32 dev lo");
    host.run("ip address add fd26:50::11/128 dev lo nodad");
    host.run("ip route add 10.96.0.0/16 dev lo src 172.26.50.11");
    host.run("ip -6 route add fd00:10:96::/112 dev lo src fd26:50::11");
    servers =
        EchoServers.start(
            host.namespace(), Stream.concat(IPV4.stream(), IPV6.stream()).toList(), TARGET);
  }

  @AfterEach
  void stop() {
    servers.close();
    made.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void connectionsAreSpreadEvenlyOverTheBackends(String address) {
    made.program(dualStack());
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
    made.program(keeping);
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
      made.program(others);
      assertThat(only(servers.ask(protocol, address, PORT, 50))).isEqualTo(first);
      made.program(keeping);
      assertThat(only(servers.ask(protocol, address, PORT, 50))).isEqualTo(first);
      Service without =
          keeping.withBackends(
              keeping.backends().stream()
                  .filter(backend -> !backend.address().toString().equals(first))
                  .toList());
      made.program(without);
      String next = only(servers.ask(protocol, address, PORT, 50));
      assertThat(next).isNotEqualTo(first);
      made.program(keeping);
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
    made.apply(small);
    made.program(keepingClients(dualStack()));
    assertThat(servers.ask(Protocol.TCP, address, PORT, 20)).hasSize(1);
    assertThat(
            servers.ask(Protocol.UDP, address, PORT, 20).values().stream().mapToInt(n -> n).sum())
        .isEqualTo(20);
  }

  @ParameterizedTest
  @ValueSource(strings = {CLUSTER_IPV4, CLUSTER_IPV6})
  void aServiceWithoutBackendsRefusesAtOnce(String address) {
    made.program(service(List.of()));
    assertThatThrownBy(() -> servers.ask(Protocol.TCP, address, PORT, 1))
        .rootCause()
        .isInstanceOf(ConnectException.class);
    // The host's own datagrams do not even leave the program (EPERM).
    assertThatThrownBy(() -> servers.ask(Protocol.UDP, address, PORT, 1))
        .rootCause()
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(SocketTimeoutException.class);
    made.program(dualStack());
    assertThat(servers.ask(Protocol.TCP, address, PORT, 10)).isNotEmpty();
  }

  @Test
  void aPortOfTheNodeLeadsToTheSameBackends() {
    made.program(dualStack());
    for (Protocol protocol : Protocol.values()) {
      assertThat(servers.ask(protocol, "172.26.50.11", NODE_PORT, 300)).hasSize(3);
    }
  }

  @Test
  void aBackendThatWentGetsNoMoreConnectionsAndTheOthersAll() {
    made.program(dualStack());
    made.program(service(List.of(IPV4.get(0), IPV4.get(2))));
    assertThat(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 200).keySet())
        .containsExactlyInAnyOrder(IPV4.get(0), IPV4.get(2));
    made.program();
    assertThat(made.host.run("nft list map inet naru-services backends4"))
        .doesNotContain("elements");
    assertThat(made.host.run("nft list map inet naru-services services4"))
        .doesNotContain("elements");
  }

  @Test
  void connectionsGoOnWhileTheTableIsMadeAnew() {
    made.program(dualStack());
    try (EchoServers.Conversation conversation = servers.converse(CLUSTER_IPV4, PORT)) {
      String before = conversation.ask();
      made.program.emptied();
      made.apply(ServiceScript.table(VIEW, true));
      assertThat(conversation.ask()).isEqualTo(before);
      made.program(service(List.of(IPV4.get(1))));
      assertThat(conversation.ask()).isEqualTo(before);
    }
  }

  @Test
  void whatTheKernelRemembersOfClientsOutlivesATableMadeAnew() {
    Service keeping = keepingClients(dualStack());
    made.program(keeping);
    String first = only(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 20));
    made.program.emptied();
    made.apply(ServiceScript.table(VIEW, true));
    made.program(keeping);
    assertThat(only(servers.ask(Protocol.TCP, CLUSTER_IPV4, PORT, 50))).isEqualTo(first);
  }
}
