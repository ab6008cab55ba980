package io.naru.channel.tls;

import io.naru.channel.identity.NodeIdentity;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** TLS 1.3 with one identity, or none, and one authority. */
final class TlsContext {
  private static final String VERSION = "TLSv1.3";

  private final SSLContext context;

  private TlsContext(SSLContext context) {
    this.context = context;
  }

  static TlsContext of(NodeIdentity identity) {
    return made(new KeyManager[] {new NodeKey(identity)}, AuthorityTrust.of(identity.authority()));
  }

  static TlsContext toJoin(String authorityFingerprint) {
    return made(null, AuthorityTrust.ofFingerprint(authorityFingerprint));
  }

  private static TlsContext made(KeyManager @Nullable [] keys, AuthorityTrust trust) {
    try {
      SSLContext context = SSLContext.getInstance(VERSION);
      context.init(keys, new TrustManager[] {trust}, null);
      return new TlsContext(context);
    } catch (GeneralSecurityException e) {
      throw new NaruException(ErrorCode.UNSUPPORTED, "this Java has no TLS 1.3", e);
    }
  }

  /** A TLS socket over a connected one, before the handshake. */
  SSLSocket over(Socket socket, boolean client) throws IOException {
    String host = socket.getInetAddress().getHostAddress();
    SSLSocket tls =
        (SSLSocket) context.getSocketFactory().createSocket(socket, host, socket.getPort(), true);
    tls.setUseClientMode(client);
    tls.setEnabledProtocols(new String[] {VERSION});
    if (!client) {
      tls.setWantClientAuth(true);
    }
    return tls;
  }
}
