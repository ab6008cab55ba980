package io.naru.channel.tls;

import io.naru.channel.Connection;
import io.naru.channel.Deadline;
import io.naru.channel.Peer;
import io.naru.channel.TcpAddress;
import io.naru.channel.identity.CertificateNames;
import io.naru.channel.identity.KeyFingerprint;
import io.naru.channel.identity.NodeIdentity;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.function.Supplier;
import javax.net.ssl.SSLSocket;

/** Opens connections to nodes and checks that the right one answers. */
public final class TlsDialer {
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(3);

  /** Long enough for hosts that are busy with a whole cluster's start: who gives up begins anew. */
  private static final Duration HANDSHAKE_TIMEOUT = Duration.ofSeconds(10);

  /**
   * So many handshakes of this program at a time: all of a large cluster's at once would make each
   * so slow that none is done in time.
   */
  private static final Semaphore HANDSHAKES = new Semaphore(4, true);

  private final Supplier<TlsContext> context;
  private final Duration connectTimeout;
  private final Duration handshakeTimeout;

  private TlsDialer(
      Supplier<TlsContext> context, Duration connectTimeout, Duration handshakeTimeout) {
    this.context = context;
    this.connectTimeout = connectTimeout;
    this.handshakeTimeout = handshakeTimeout;
  }

  /** Dials as a node, with timeouts for the TCP connection and for the TLS handshake. */
  public static TlsDialer of(
      NodeIdentity identity, Duration connectTimeout, Duration handshakeTimeout) {
    return new TlsDialer(new CurrentTlsContext(() -> identity), connectTimeout, handshakeTimeout);
  }

  /** Dials as a node with the usual timeouts. */
  public static TlsDialer of(NodeIdentity identity) {
    return of(identity, CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT);
  }

  /** Dials as a node whose certificate may be replaced: each handshake shows the one of then. */
  public static TlsDialer of(Supplier<NodeIdentity> identity) {
    return new TlsDialer(new CurrentTlsContext(identity), CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT);
  }

  /** Dials without a certificate, to join the cluster whose authority has that fingerprint. */
  public static TlsDialer toJoin(String authorityFingerprint) {
    TlsContext context = TlsContext.toJoin(authorityFingerprint);
    return new TlsDialer(() -> context, CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT);
  }

  /**
   * Connects.
   *
   * @param name who must answer: a node, or {@code naru-server} for the store
   * @param pinnedKey fingerprint the other end's key must have, if it is known
   * @throws NaruException UNAVAILABLE if nobody answers in time; NOT_AUTHENTICATED if the wrong one
   *     does
   */
  public Connection dial(TcpAddress address, NodeName name, Optional<String> pinnedKey) {
    Socket plain = connected(address);
    try {
      HANDSHAKES.acquire();
    } catch (InterruptedException end) {
      Thread.currentThread().interrupt();
      closeQuietly(plain);
      throw new NaruException(ErrorCode.UNAVAILABLE, "dialing " + name + " was given up", end);
    }
    try (Deadline deadline = new Deadline(handshakeTimeout, plain)) {
      return handshaken(address, name, pinnedKey, plain, deadline);
    } catch (RuntimeException e) {
      closeQuietly(plain);
      throw e;
    } finally {
      HANDSHAKES.release();
    }
  }

  private Socket connected(TcpAddress address) {
    Socket socket = new Socket();
    try {
      TlsConnection.tune(socket);
      socket.connect(address.toSocketAddress(), Math.toIntExact(connectTimeout.toMillis()));
      return socket;
    } catch (IOException e) {
      closeQuietly(socket);
      throw new NaruException(ErrorCode.UNAVAILABLE, refusal(address, e), e);
    }
  }

  private String refusal(TcpAddress address, IOException e) {
    String tcp = "TCP " + address;
    return switch (e) {
      case SocketTimeoutException _ ->
          tcp + " did not answer in " + seconds(connectTimeout) + ": a firewall may drop it";
      case NoRouteToHostException _ ->
          tcp + " cannot be reached: the host is down, or a firewall refuses it";
      case ConnectException refused when String.valueOf(refused.getMessage()).contains("refused") ->
          tcp + " refused the connection: nothing listens there, or a firewall refuses it";
      default -> tcp + " cannot be reached: " + e.getMessage();
    };
  }

  private Connection handshaken(
      TcpAddress address,
      NodeName name,
      Optional<String> pinnedKey,
      Socket plain,
      Deadline deadline) {
    String tcp = "TCP " + address;
    try {
      SSLSocket tls = context.get().over(plain, true);
      tls.startHandshake();
      X509Certificate certificate = TlsConnection.certificate(tls).orElseThrow();
      Peer peer = TlsConnection.peer(tls);
      List<String> names = CertificateNames.all(certificate);
      if (!names.contains(name.text())) {
        throw new NaruException(
            ErrorCode.NOT_AUTHENTICATED,
            tcp
                + " is answered by "
                + String.join(" and ", names)
                + ", not by "
                + name
                + ": the address belongs to another node");
      }
      String key = KeyFingerprint.of(certificate.getPublicKey());
      if (pinnedKey.isPresent() && !pinnedKey.get().equals(key)) {
        throw new NaruException(
            ErrorCode.NOT_AUTHENTICATED,
            tcp
                + " is answered by a "
                + name
                + " with the key "
                + key
                + ", but the key "
                + pinnedKey.get()
                + " joined under that name; if the node was made anew, type on the server: naru"
                + " node rm "
                + name);
      }
      return TlsConnection.of(tls, plain, peer, name + " at " + address);
    } catch (IOException e) {
      for (Throwable cause = e; cause != null; cause = cause.getCause()) {
        if (cause instanceof UntrustedPeerException) {
          throw new NaruException(
              ErrorCode.NOT_AUTHENTICATED, tcp + " is not trusted: " + cause.getMessage(), e);
        }
      }
      if (deadline.expired()) {
        throw new NaruException(
            ErrorCode.UNAVAILABLE,
            tcp
                + " took the connection but did not finish the TLS handshake in "
                + seconds(handshakeTimeout)
                + ": it is overloaded, or no Naru agent",
            e);
      }
      throw new NaruException(
          ErrorCode.UNAVAILABLE,
          tcp
              + " took the connection and broke the TLS handshake off ("
              + e.getMessage()
              + "): it does not accept our certificate, has too many strangers waiting, or is no Naru"
              + " agent; its log says which",
          e);
    }
  }

  private static String seconds(Duration duration) {
    return duration.toMillis() % 1000 == 0
        ? duration.toSeconds() + " s"
        : duration.toMillis() + " ms";
  }

  private static void closeQuietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException alreadyGone) {
      // The connection is not used.
    }
  }
}
