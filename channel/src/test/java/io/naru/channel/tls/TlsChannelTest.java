package io.naru.channel.tls;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.HelloHandler;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.CurrentIdentity;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.identity.PendingIdentity;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TlsChannelTest {
  private static final NodeName NODE1 = new NodeName("node1");
  private static final NodeName NODE2 = new NodeName("node2");
  private static final TlsLimits QUICK =
      new TlsLimits(Duration.ofMillis(400), 4, 4, Duration.ofMillis(400));

  private final ClusterAuthority authority = ClusterAuthority.create(InstantSource.system());
  private final List<AutoCloseable> open = new ArrayList<>();
  @TempDir private Path directory;

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable closeable : open) {
      closeable.close();
    }
  }

  private NodeIdentity identity(ClusterAuthority issuer, NodeName name) {
    PendingIdentity pending = PendingIdentity.in(directory.resolve(name + "-" + open.size()), name);
    List<byte[]> chain = new ArrayList<>();
    for (X509Certificate certificate : issuer.issue(pending.request(), name, false)) {
      try {
        chain.add(certificate.getEncoded());
      } catch (CertificateEncodingException e) {
        throw new AssertionError(e);
      }
    }
    return pending.complete(chain);
  }

  private ChannelAcceptor acceptor(String listen, TlsLimits limits) {
    HelloHandler echo =
        (hello, connection) -> {
          connection.write(Map.of("peer", who(connection.peer()), "kind", hello.kind()));
          connection.lines().readLine().ifPresent(connection.lines()::writeLine);
        };
    ChannelAcceptor acceptor =
        ChannelAcceptor.start(
            TcpAddress.parse(listen),
            new CurrentIdentity(identity(authority, NODE1)),
            limits,
            Map.of(Hello.AGENT, echo, Hello.JOIN, echo));
    open.add(acceptor);
    return acceptor;
  }

  private static String who(Peer peer) {
    return switch (peer) {
      case Peer.Authenticated node -> node.name() + " " + node.keyFingerprint();
      case Peer.Anonymous _ -> "anonymous";
      case Peer.Local _ -> "local";
    };
  }

  private Connection dial(TlsDialer dialer, TcpAddress address) {
    Connection connection = dialer.dial(address, NODE1, Optional.empty());
    open.addFirst(connection);
    return connection;
  }

  private static NaruException refusal(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable attempt) {
    NaruException refused = catchThrowableOfType(NaruException.class, attempt);
    assertThat(refused).isNotNull();
    return refused;
  }

  @ParameterizedTest
  @ValueSource(strings = {"127.0.0.1:0", "[::1]:0"})
  void bothEndsKnowEachOtherInBothFamilies(String listen) {
    ChannelAcceptor acceptor = acceptor(listen, TlsLimits.DEFAULT);
    NodeIdentity node2 = identity(authority, NODE2);
    Connection connection = dial(TlsDialer.of(node2), acceptor.address());

    assertThat(connection.peer()).isInstanceOf(Peer.Authenticated.class);
    Hello.of(Hello.AGENT).send(connection);
    assertThat(connection.read(Map.class).orElseThrow())
        .isEqualTo(Map.of("peer", "node2 " + node2.fingerprint(), "kind", "agent"));
    connection.lines().writeLine("{\"a\":1}");
    assertThat(connection.lines().readLine()).contains("{\"a\":1}");
    assertThat(connection.lines().readLine()).isEmpty();
  }

  @Test
  void aStrangerMayOnlyAskToJoin() {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", TlsLimits.DEFAULT);
    TlsDialer stranger = TlsDialer.toJoin(authority.fingerprint());

    Connection joining = dial(stranger, acceptor.address());
    Hello.of(Hello.JOIN).send(joining);
    assertThat(joining.read(Map.class).orElseThrow()).containsEntry("peer", "anonymous");

    Connection prying = dial(stranger, acceptor.address());
    Hello.of(Hello.AGENT).send(prying);
    assertThat(prying.lines().readLine()).isEmpty();
  }

  @Test
  void anotherClusterIsRefusedByBothEnds() {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", TlsLimits.DEFAULT);
    ClusterAuthority other = ClusterAuthority.create(InstantSource.system());

    assertThat(refusal(() -> dial(TlsDialer.toJoin(other.fingerprint()), acceptor.address())))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("another cluster")
        .hasMessageContaining(other.fingerprint());
    assertThat(refusal(() -> dial(TlsDialer.of(identity(other, NODE2)), acceptor.address())))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code);
  }

  @Test
  void anAuthorityWithTheSameNameButAnotherKeyIsNotTrustedByTheServer() throws Exception {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", TlsLimits.DEFAULT);
    // The forger trusts the real authority and shows a certificate of his own.
    ClusterAuthority forger = ClusterAuthority.create(InstantSource.system());
    NodeIdentity forged = identity(forger, NODE2);
    javax.net.ssl.SSLContext context = javax.net.ssl.SSLContext.getInstance("TLSv1.3");
    java.security.KeyStore store = java.security.KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setKeyEntry(
        "k", forged.key(), new char[0], forged.chain().toArray(new X509Certificate[0]));
    var keys = javax.net.ssl.KeyManagerFactory.getInstance("PKIX");
    keys.init(store, new char[0]);
    context.init(
        keys.getKeyManagers(),
        new javax.net.ssl.TrustManager[] {AuthorityTrust.of(authority.certificate())},
        null);
    TcpAddress address = acceptor.address();
    try (var socket =
        (javax.net.ssl.SSLSocket)
            context
                .getSocketFactory()
                .createSocket(address.address().toInetAddress(), address.port())) {
      int first;
      try {
        socket.startHandshake();
        socket.getOutputStream().write("{\"kind\":\"agent\"}\n".getBytes(UTF_8));
        first = socket.getInputStream().read();
      } catch (IOException refused) {
        first = -1;
      }
      assertThat(first).isEqualTo(-1);
    }
  }

  @Test
  void theWrongNodeAndTheWrongKeyAreNamed() {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", TlsLimits.DEFAULT);
    TlsDialer dialer = TlsDialer.of(identity(authority, NODE2));

    assertThat(refusal(() -> dialer.dial(acceptor.address(), NODE2, Optional.empty())))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("answered by node1, not by node2");
    assertThat(refusal(() -> dialer.dial(acceptor.address(), NODE1, Optional.of("other"))))
        .returns(ErrorCode.NOT_AUTHENTICATED, NaruException::code)
        .hasMessageContaining("naru node rm node1");
  }

  @Test
  void anExpiredCertificateSaysSo() {
    Instant longAgo = Instant.parse("2020-01-01T00:00:00Z");
    ClusterAuthority old = ClusterAuthority.create(() -> longAgo);
    NodeIdentity server = identity(old, NODE1);
    TlsListener listener =
        TlsListener.start(
            TcpAddress.parse("127.0.0.1:0"), () -> server, TlsLimits.DEFAULT, connection -> {});
    open.add(listener);

    assertThat(refusal(() -> dial(TlsDialer.toJoin(old.fingerprint()), listener.address())))
        .hasMessageContaining("expired at 2020-12-31");
  }

  @Test
  void nobodyAndSilenceAreToldApart() throws Exception {
    TlsDialer dialer =
        TlsDialer.of(identity(authority, NODE2), Duration.ofSeconds(3), Duration.ofMillis(200));
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      TcpAddress address =
          new TcpAddress(TcpAddress.parse("127.0.0.1:1").address(), silent.getLocalPort());
      assertThat(refusal(() -> dial(dialer, address)))
          .returns(ErrorCode.UNAVAILABLE, NaruException::code)
          .hasMessageContaining("did not finish the TLS handshake in 200 ms");
      silent.close();
      assertThat(refusal(() -> dial(dialer, address)))
          .returns(ErrorCode.UNAVAILABLE, NaruException::code)
          .hasMessageContaining("refused the connection");
    }
  }

  @Test
  void strangersCannotKeepNodesOutForLong() throws Exception {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", QUICK);
    NodeIdentity node2 = identity(authority, NODE2);
    TcpAddress address = acceptor.address();
    for (int i = 0; i < 12; i++) {
      Socket idle = new Socket(address.address().toInetAddress(), address.port());
      open.addFirst(idle);
    }
    await()
        .ignoreExceptionsInstanceOf(NaruException.class)
        .untilAsserted(
            () -> {
              Connection connection = dial(TlsDialer.of(node2), address);
              Hello.of(Hello.AGENT).send(connection);
              assertThat(connection.lines().readLine()).isPresent();
            });
  }

  @Test
  void aNodeThatSaysNothingIsClosed() {
    ChannelAcceptor acceptor = acceptor("127.0.0.1:0", QUICK);
    Connection connection = dial(TlsDialer.of(identity(authority, NODE2)), acceptor.address());
    assertThat(connection.lines().readLine()).isEmpty();
  }
}
