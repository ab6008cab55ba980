package io.naru.channel.tls;

import io.naru.channel.Connection;
import io.naru.channel.Peer;
import io.naru.channel.identity.CertificateNames;
import io.naru.channel.identity.KeyFingerprint;
import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.net.Socket;
import java.net.StandardSocketOptions;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import jdk.net.ExtendedSocketOptions;

/** A connection over a TLS socket whose handshake is done. */
final class TlsConnection {
  private TlsConnection() {}

  static Connection of(SSLSocket tls, Socket plain, Peer peer, String description)
      throws IOException {
    return new Connection(
        tls.getInputStream(),
        tls.getOutputStream(),
        new Connection.Socket() {
          @Override
          public void readTimeout(Duration timeout) throws IOException {
            tls.setSoTimeout(Math.toIntExact(timeout.toMillis()));
          }

          @Override
          public void close() throws IOException {
            // The TCP socket itself: TLS would first wait for the other end to take its farewell.
            plain.close();
          }
        },
        peer,
        description,
        Optional.of(IpAddress.of(plain.getInetAddress())));
  }

  /** The other end's certificate if it showed one, which was then checked in the handshake. */
  static Optional<X509Certificate> certificate(SSLSocket tls) {
    try {
      return Optional.of((X509Certificate) tls.getSession().getPeerCertificates()[0]);
    } catch (SSLPeerUnverifiedException none) {
      return Optional.empty();
    }
  }

  static Peer peer(SSLSocket tls) {
    Optional<X509Certificate> certificate = certificate(tls);
    return certificate.isPresent()
        ? new Peer.Authenticated(
            CertificateNames.nodeName(certificate.get()),
            KeyFingerprint.of(certificate.get().getPublicKey()))
        : new Peer.Anonymous();
  }

  /** Small messages at once, and dead peers found even on an idle connection. */
  static void tune(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    socket.setKeepAlive(true);
    if (socket.supportedOptions().contains(ExtendedSocketOptions.TCP_KEEPIDLE)) {
      socket.setOption(ExtendedSocketOptions.TCP_KEEPIDLE, 20);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPINTERVAL, 5);
      socket.setOption(ExtendedSocketOptions.TCP_KEEPCOUNT, 4);
    }
    socket.setOption(StandardSocketOptions.SO_LINGER, -1);
  }
}
