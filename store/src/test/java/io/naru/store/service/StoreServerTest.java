package io.naru.store.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.service.ServiceName;
import io.naru.core.service.ServiceWish;
import io.naru.store.RecordingListener;
import io.naru.store.Sample;
import io.naru.store.StoreWatch;
import java.nio.file.Files;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreServerTest extends StoreServerFixture {
  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "[::1]:0"})
  void aHostJoinsWithATokenAndSpeaksForItselfAlone(String listen) {
    StoreServer server = server(Optional.of(listen), Sample.dualStack());
    TcpAddress address = server.addresses().getFirst();
    TcpAddress nobody = new TcpAddress(address.address(), 1);
    JoinToken token = local().createToken(List.of(nobody, address), HOUR);

    NodeIdentity identity = join(JoinToken.parse(token.encoded()), 1, "node1");
    assertThat(NodeIdentity.load(directory.resolve("node1")).orElseThrow().fingerprint())
        .isEqualTo(identity.fingerprint());
    assertThat(join(token, 1, "node1").fingerprint()).isEqualTo(identity.fingerprint());

    RemoteClusterStore store = remote(identity, nobody, address);
    List<Prefix> cidrs = store.claimPodCidrs(Sample.name(1), List.of());
    store.publishNode(Sample.node(1, cidrs));
    assertThat(store.snapshot().pinnedKeys()).containsEntry(Sample.name(1), identity.fingerprint());

    List<ThrowingCallable> othersAffairs =
        List.of(
            () -> store.claimPodCidrs(Sample.name(2), List.of()),
            () -> store.claimExactPodCidrs(Sample.name(2), List.of()),
            () -> store.publishNode(Sample.node(2, List.of())),
            () -> store.registerForeignNodes(List.of(Sample.foreign(1, "10.244.9.0/24"))),
            () -> store.putServices(List.of(ServiceWish.of(Sample.service("a", "10.244.1.5")))),
            () -> store.removeServices(List.of(ServiceName.parse("a"))),
            () -> store.withdrawNode(Sample.name(2)),
            () -> store.removeNode(Sample.name(1), true),
            () -> store.publishNotice(Sample.notice(1, 2, 2)),
            () -> store.withdrawNotice(Sample.notice(1, 2, 2).path(), Sample.name(2)),
            () -> store.createToken(List.of(address), HOUR));
    for (ThrowingCallable attempt : othersAffairs) {
      assertThat(refusal(attempt).code()).isEqualTo(ErrorCode.NOT_PERMITTED);
    }
    store.publishNotice(Sample.notice(1, 2, 1));
    assertThat(store.renew(identity).fingerprint()).isEqualTo(identity.fingerprint());
  }

  @Test
  void anotherKeyForTheSameNameIsRefusedUntilTheNodeIsRemoved() {
    StoreServer server = listening();
    TcpAddress address = server.addresses().getFirst();
    JoinToken token = server.createToken(List.of(address), HOUR);
    NodeIdentity first = join(token, 1, "first");

    assertThat(refusal(() -> join(token, 1, "second")))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("naru node rm node1");

    RecordingListener listener = new RecordingListener();
    RemoteClusterStore removed = remote(first, address);
    try (StoreWatch watch = removed.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      local().withdrawNode(Sample.name(1));
      await().until(() -> listener.statuses.toString().contains("was removed"));
    }
    assertThat(refusal(removed::configuration))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code);

    join(token, 1, "second");
    assertThat(refusal(() -> remote(first, address).configuration()))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("another key");
  }

  @Test
  void wrongTokensAreRefusedAndSoonNotEvenLookedAt() {
    StoreServer server = listening();
    List<TcpAddress> servers = List.of(server.addresses().getFirst());
    JoinToken good = server.createToken(servers, HOUR);
    JoinToken wrong = new JoinToken(good.authority(), good.id(), "0".repeat(32), good.servers());
    assertThat(good.toString()).doesNotContain(good.secret());

    assertThat(refusal(() -> join(wrong, 1, "x")))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("naru token create");
    for (int i = 0; i < 9; i++) {
      refusal(() -> join(wrong, 1, "x"));
    }
    assertThat(refusal(() -> join(good, 1, "x")))
        .returns(ErrorCode.NOT_PERMITTED, NaruException::code)
        .hasMessageContaining("wait a minute");
  }

  @Test
  void aPersonRemovesNodesOfWhichNoAgentIsConnected() {
    StoreServer server = listening();
    TcpAddress address = server.addresses().getFirst();
    NodeIdentity identity = join(server.createToken(List.of(address), HOUR), 1, "node1");
    RemoteClusterStore agent = remote(identity, address);
    agent.claimPodCidrs(Sample.name(1), List.of());
    RemoteClusterStore person = local();
    assertThat(refusal(() -> person.removeNode(Sample.name(1), false)))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("type on that host: naru clean");
    agent.close();
    await().untilAsserted(() -> person.removeNode(Sample.name(1), false));
    assertThat(refusal(() -> person.removeNode(Sample.name(1), false)))
        .returns(ErrorCode.NOT_FOUND, NaruException::code);

    person.registerForeignNodes(List.of(Sample.foreign(1, "10.244.9.0/24")));
    assertThat(
            refusal(
                () -> Joining.joinLocally(socket(), Sample.foreignName(1), directory.resolve("x"))))
        .returns(ErrorCode.CONFLICT, NaruException::code)
        .hasMessageContaining("runs no Naru");
    person.removeNode(Sample.foreignName(1), false);

    join(server.createToken(List.of(address), HOUR), 2, "node2");
    person.removeNode(Sample.name(2), true);
    assertThat(person.snapshot().pinnedKeys()).isEmpty();
  }

  @Test
  void anAgentRelaysToTheServerOfItsHost() {
    server(Optional.empty(), Sample.dualStack());
    NodeIdentity agent = Joining.joinLocally(socket(), Sample.name(1), directory.resolve("agent"));
    StoreRelay relay = new StoreRelay(socket());
    ChannelAcceptor acceptor =
        opened(
            ChannelAcceptor.start(
                TcpAddress.parse("127.0.0.1:0"),
                agent,
                Map.of(Hello.STORE, relay, Hello.JOIN, relay)));
    JoinToken token = local().createToken(List.of(acceptor.address()), HOUR);

    NodeIdentity node2 = join(token, 2, "node2");
    RemoteClusterStore store = remote(node2, acceptor.address());
    assertThat(store.claimPodCidrs(Sample.name(2), List.of())).hasSize(2);
    assertThat(refusal(() -> store.claimPodCidrs(Sample.name(1), List.of())).code())
        .isEqualTo(ErrorCode.NOT_PERMITTED);

    NodeIdentity notTheServers = node2;
    ChannelAcceptor impostor =
        opened(
            ChannelAcceptor.start(
                TcpAddress.parse("127.0.0.1:0"), notTheServers, Map.of(Hello.JOIN, relay)));
    JoinToken astray = local().createToken(List.of(impostor.address()), HOUR);
    assertThat(refusal(() -> join(astray, 3, "node3")))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("not by naru-server");
  }

  @Test
  void aWatchGoesOnAfterTheServerWasAway() {
    StoreServer first = server(Optional.empty(), Sample.dualStack());
    RemoteClusterStore agent = local();
    agent.publishNode(Sample.node(1, agent.claimPodCidrs(Sample.name(1), List.of())));
    RecordingListener listener = new RecordingListener();
    try (StoreWatch watch = agent.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      first.close();
      await().until(() -> listener.statuses.size() >= 2);
      assertThat(listener.last().nodes()).containsOnlyKeys(Sample.name(1));

      StoreServer second = server(Optional.empty(), Sample.dualStack());
      second
          .store()
          .publishNode(Sample.node(2, second.store().claimPodCidrs(Sample.name(2), List.of())));
      await().until(() -> listener.last().nodes().size() == 2);
      agent.withdrawNode(Sample.name(1));
      await().until(() -> listener.last().nodes().size() == 1);
      assertThat(listener.statuses.getLast()).isEqualTo("connected");
      assertThat(listener.calls)
          .extracting(call -> call.snapshot().revision())
          .isSorted()
          .doesNotHaveDuplicates();
      assertThat(listener.touched()).containsExactly(Sample.name(1), Sample.name(2));
    }
  }

  @Test
  void theConfigurationChangesWhereNodesCanFollow() {
    StoreServer first = server(Optional.empty(), Sample.dualStack());
    first.store().claimPodCidrs(Sample.name(1), List.of());
    RecordingListener listener = new RecordingListener();
    RemoteClusterStore agent = local();
    try (StoreWatch watch = agent.watch(listener)) {
      assertThat(watch).isNotNull();
      await().until(() -> !listener.calls.isEmpty());
      first.close();

      Map<String, Object> map = new HashMap<>(NetworkConfigurationParser.toMap(Sample.dualStack()));
      map.put("mtu", 1400);
      map.put("transport", "vxlan");
      NetworkConfiguration changed = NetworkConfigurationParser.parse(map);
      StoreServer second = server(Optional.empty(), changed);
      await().until(() -> listener.last().configuration().equals(changed));
      second.close();

      map.put("clusterCidrs", List.of("10.99.0.0/16"));
      assertThat(refusal(() -> server(Optional.empty(), NetworkConfigurationParser.parse(map))))
          .returns(ErrorCode.CONFLICT, NaruException::code)
          .hasMessageContaining("clusterCidrs")
          .hasMessageContaining("node1");
      assertThat(socket()).doesNotExist();
    }
  }

  @Test
  void secretsAreItsOwnersAlone() throws Exception {
    server(Optional.empty(), Sample.dualStack());
    assertThat(Files.getPosixFilePermissions(directory.resolve("data"))).hasSize(3);
    assertThat(Files.getPosixFilePermissions(socket())).hasSize(2);
    assertThat(Files.getPosixFilePermissions(directory.resolve("data/authority.pem"))).hasSize(2);
  }
}
