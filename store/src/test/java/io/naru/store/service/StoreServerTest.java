package io.naru.store.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.address.Prefix;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.RecordingListener;
import io.naru.store.Sample;
import io.naru.store.StoreWatch;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoreServerTest {
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir private Path directory;
  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private <T extends AutoCloseable> T opened(T closeable) {
    open.addFirst(closeable);
    return closeable;
  }

  private Path socket() {
    return directory.resolve("s.sock");
  }

  private StoreServer server(Optional<String> listen, NetworkConfiguration configuration) {
    StoreServer server =
        opened(
            new StoreServer(
                directory.resolve("data"),
                socket(),
                listen.map(TcpAddress::parse).stream().toList(),
                Optional.of(configuration)));
    server.start();
    return server;
  }

  private static X509Certificate shown(TcpAddress address) throws Exception {
    SSLContext anyone = SSLContext.getInstance("TLSv1.3");
    anyone.init(null, new TrustManager[] {new TrustsAnyone()}, null);
    try (SSLSocket socket =
        (SSLSocket)
            anyone
                .getSocketFactory()
                .createSocket(address.address().toInetAddress(), address.port())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  /** Looks at certificates only. */
  private static final class TrustsAnyone extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }

  @Test
  void theServersOwnCertificateIsMadeAnewBeforeItExpires() throws Exception {
    Instant now = Instant.now();
    AtomicReference<Instant> clock = new AtomicReference<>(now.minus(Duration.ofDays(300)));
    StoreServer server =
        opened(
            new StoreServer(
                directory.resolve("data"),
                socket(),
                List.of(TcpAddress.parse("127.0.0.1:0")),
                Optional.of(Sample.dualStack()),
                clock::get));
    server.start();
    TcpAddress address = server.addresses().getFirst();
    X509Certificate first = shown(address);
    assertThat(shown(address)).isEqualTo(first);

    clock.set(now);
    X509Certificate second = shown(address);
    assertThat(second.getNotAfter().toInstant()).isAfter(now.plus(Duration.ofDays(360)));
    assertThat(shown(address)).isEqualTo(second).isNotEqualTo(first);
    JoinToken token = server.createToken(List.of(address), HOUR);
    assertThat(remote(join(token, 1, "node1"), address).configuration())
        .isEqualTo(Sample.dualStack());
  }

  @Test
  void theAgentOfTheServersHostRenewsThroughTheSocketAndStaysTheServersVoice() throws Exception {
    server(Optional.empty(), Sample.dualStack());
    NodeIdentity agent = Joining.joinLocally(socket(), Sample.name(1), directory.resolve("agent"));
    NodeIdentity renewed = local().renew(agent);
    assertThat(renewed.name()).isEqualTo(Sample.name(1));
    assertThat(renewed.chain().getFirst()).isNotEqualTo(agent.chain().getFirst());
    assertThat(renewed.chain().getFirst().getSubjectAlternativeNames().toString())
        .contains("node1", "naru-server");

    local().withdrawNode(Sample.name(1));
    assertThat(refusal(() -> local().renew(agent)))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code);
  }

  private StoreServer listening() {
    return server(Optional.of("127.0.0.1:0"), Sample.dualStack());
  }

  private NodeIdentity join(JoinToken token, int node, String where) {
    return Joining.join(token, Sample.name(node), directory.resolve(where));
  }

  private RemoteClusterStore remote(NodeIdentity identity, TcpAddress... servers) {
    return opened(
        new RemoteClusterStore(
            Connector.tls(TlsDialer.of(identity), List.of(servers)), Duration.ofSeconds(20)));
  }

  private RemoteClusterStore local() {
    return opened(new RemoteClusterStore(Connector.unix(socket()), Duration.ofSeconds(20)));
  }

  private static NaruException refusal(ThrowingCallable attempt) {
    NaruException refused = catchThrowableOfType(NaruException.class, attempt);
    assertThat(refused).isNotNull();
    return refused;
  }

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
            () -> store.withdrawNode(Sample.name(2)),
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
