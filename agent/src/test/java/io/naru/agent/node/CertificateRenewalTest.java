package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.channel.Connection;
import io.naru.channel.Hello;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.ClusterAuthority;
import io.naru.channel.identity.CurrentIdentity;
import io.naru.channel.identity.NodeIdentity;
import io.naru.channel.identity.PendingIdentity;
import io.naru.channel.tls.ChannelAcceptor;
import io.naru.channel.tls.TlsDialer;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.net.Socket;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Certificates are replaced while an agent runs, by a clock the test sets. */
class CertificateRenewalTest {
  private static final NodeName NODE = new NodeName("node1");

  @TempDir private Path directory;
  private final Instant now = Instant.now();
  private final AtomicReference<Instant> clock =
      new AtomicReference<>(now.minus(Duration.ofDays(300)));
  private final ClusterAuthority authority = ClusterAuthority.create(clock::get);
  private final SynchronousQueue<Duration> pauses = new SynchronousQueue<>();
  private final AtomicInteger asked = new AtomicInteger();

  private NodeIdentity joined() {
    PendingIdentity pending = PendingIdentity.in(directory, NODE);
    return pending.complete(
        authority.issue(pending.request(), NODE, false).stream()
            .map(CertificateRenewalTest::encoded)
            .toList());
  }

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (CertificateEncodingException e) {
      throw new AssertionError(e);
    }
  }

  private NodeIdentity renewed(NodeIdentity old) {
    asked.incrementAndGet();
    return old.renew(authority.issue(old.renewalRequest(), NODE, false));
  }

  /** An open and trusting end of TLS, which only looks at what the other end shows. */
  private SSLContext anyone(NodeIdentity identity) throws Exception {
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    keys.setKeyEntry(
        "k", identity.key(), new char[0], identity.chain().toArray(new X509Certificate[0]));
    KeyManagerFactory ours = KeyManagerFactory.getInstance("PKIX");
    ours.init(keys, new char[0]);
    KeyStore roots = KeyStore.getInstance("PKCS12");
    roots.load(null, null);
    roots.setCertificateEntry("a", authority.certificate());
    TrustManagerFactory theirs = TrustManagerFactory.getInstance("PKIX");
    theirs.init(roots);
    TrustManager[] trusted = theirs.getTrustManagers();
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(ours.getKeyManagers(), trusted, null);
    return context;
  }

  private static X509Certificate shownBy(ChannelAcceptor acceptor, SSLContext context)
      throws Exception {
    TcpAddress address = acceptor.address();
    try (SSLSocket socket =
        (SSLSocket)
            context
                .getSocketFactory()
                .createSocket(address.address().toInetAddress(), address.port())) {
      socket.startHandshake();
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private static X509Certificate shownBy(TlsDialer dialer, SSLContext context) throws Exception {
    try (SSLServerSocket server =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(
                    0, 8, TcpAddress.parse("127.0.0.1:1").address().toInetAddress())) {
      server.setNeedClientAuth(true);
      Thread dialing =
          Thread.ofPlatform()
              .start(
                  () -> {
                    TcpAddress there = TcpAddress.parse("127.0.0.1:" + server.getLocalPort());
                    dialer.dial(there, NODE, Optional.empty()).close();
                  });
      server.setSoTimeout(30_000); // who is never called must not wait for ever
      try (Socket socket = server.accept()) {
        SSLSocket tls = (SSLSocket) socket;
        tls.startHandshake();
        return (X509Certificate) tls.getSession().getPeerCertificates()[0];
      } finally {
        dialing.join();
      }
    }
  }

  @Test
  void handshakesShowTheNewCertificateAndOpenConnectionsStay() throws Exception {
    NodeIdentity old = joined();
    CurrentIdentity current = new CurrentIdentity(old);
    SSLContext anyone = anyone(old);
    TlsDialer dialer = TlsDialer.of(current);
    try (ChannelAcceptor acceptor =
            ChannelAcceptor.start(
                TcpAddress.parse("127.0.0.1:0"),
                current,
                Map.of(
                    Hello.AGENT,
                    (hello, connection) ->
                        connection.lines().readLine().ifPresent(connection.lines()::writeLine)));
        Connection open = dialer.dial(acceptor.address(), NODE, Optional.empty());
        CertificateRenewal renewal =
            CertificateRenewal.start(current, directory, this::renewed, clock::get, pauses::put)) {
      assertThat(renewal).isNotNull();
      Hello.of(Hello.AGENT).send(open);
      assertThat(pauses.take()).isEqualTo(Duration.ofHours(6));
      assertThat(shownBy(acceptor, anyone)).isEqualTo(old.chain().getFirst());
      assertThat(shownBy(dialer, anyone)).isEqualTo(old.chain().getFirst());

      clock.set(now);
      pauses.take();
      pauses.take();

      assertThat(asked).hasValue(1);
      X509Certificate renewed = current.get().chain().getFirst();
      assertThat(current.get().expires()).isAfter(now.plus(Duration.ofDays(360)));
      assertThat(current.get().fingerprint()).isEqualTo(old.fingerprint());
      assertThat(NodeIdentity.load(directory).orElseThrow().chain().getFirst())
          .isEqualTo(renewed)
          .isNotEqualTo(old.chain().getFirst());
      assertThat(shownBy(acceptor, anyone)).isEqualTo(renewed);
      assertThat(shownBy(dialer, anyone)).isEqualTo(renewed);
      open.lines().writeLine("{\"still\":1}");
      assertThat(open.lines().readLine()).contains("{\"still\":1}");
    }
  }

  @Test
  void aStoreThatDoesNotAnswerIsAskedAgainSoonerAndTheOldCertificateStays() throws Exception {
    CurrentIdentity current = new CurrentIdentity(joined());
    NodeIdentity old = current.get();
    clock.set(now);
    List<NodeIdentity> refused = new ArrayList<>();
    try (CertificateRenewal renewal =
        CertificateRenewal.start(
            current,
            directory,
            identity -> {
              if (refused.isEmpty()) {
                refused.add(identity);
                throw new NaruException(ErrorCode.UNAVAILABLE, "the store is away");
              }
              return renewed(identity);
            },
            clock::get,
            pauses::put)) {
      assertThat(renewal).isNotNull();
      assertThat(pauses.take()).isLessThan(Duration.ofHours(1));
      assertThat(pauses.take()).isEqualTo(Duration.ofHours(6));
      assertThat(refused).containsExactly(old);
      assertThat(current.get().expires()).isAfter(old.expires());
    }
  }

  @Test
  void itEndsWithTheAgent() throws Exception {
    CurrentIdentity current = new CurrentIdentity(joined());
    AtomicReference<Thread> thread = new AtomicReference<>();
    CertificateRenewal renewal =
        CertificateRenewal.start(
            current,
            directory,
            this::renewed,
            clock::get,
            duration -> {
              thread.set(Thread.currentThread());
              pauses.put(duration);
            });
    await().until(() -> thread.get() != null);
    renewal.close();
    await().until(() -> !thread.get().isAlive());
  }
}
