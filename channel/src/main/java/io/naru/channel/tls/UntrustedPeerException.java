package io.naru.channel.tls;

import java.security.cert.CertificateException;
import org.jspecify.annotations.Nullable;

/** A certificate chain that does not lead to the authority we trust; the message is a clause. */
final class UntrustedPeerException extends CertificateException {
  private static final long serialVersionUID = 1L;

  UntrustedPeerException(String clause, @Nullable Throwable cause) {
    super(clause, cause);
  }
}
