package io.naru.channel.identity;

import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PublicKey;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.operator.jcajce.JcaContentVerifierProviderBuilder;
import org.bouncycastle.pkcs.PKCSException;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequest;
import org.bouncycastle.pkcs.jcajce.JcaPKCS10CertificationRequestBuilder;

/** A request for a certificate (PKCS #10, RFC 2986): proves that the sender holds the key. */
public final class CertificateRequest {
  private static final int LARGEST = 4096;

  private CertificateRequest() {}

  /** A request in DER for a key that was just made. */
  static byte[] encode(KeyPair keys, NodeName name) {
    try {
      return new JcaPKCS10CertificationRequestBuilder(
              new X500Principal("CN=" + name), keys.getPublic())
          .build(new JcaContentSignerBuilder(EcKeys.SIGNATURE).build(keys.getPrivate()))
          .getEncoded();
    } catch (OperatorCreationException | IOException e) {
      throw new NaruException(ErrorCode.INTERNAL, "a certificate request cannot be made", e);
    }
  }

  /**
   * The public key of a request, after the check that its sender holds the private one.
   *
   * @throws NaruException MALFORMED if it is no request, NOT_AUTHENTICATED if its signature is
   *     wrong
   */
  public static PublicKey verifiedKey(byte[] der) {
    if (der.length > LARGEST) {
      throw new NaruException(
          ErrorCode.MALFORMED, "a certificate request of " + der.length + " bytes is too long");
    }
    try {
      JcaPKCS10CertificationRequest request = new JcaPKCS10CertificationRequest(der);
      PublicKey key = request.getPublicKey();
      if (!EcKeys.isP256(key)) {
        throw new NaruException(
            ErrorCode.MALFORMED, "the certificate request must be for a key on P-256");
      }
      if (!request.isSignatureValid(new JcaContentVerifierProviderBuilder().build(key))) {
        throw new NaruException(
            ErrorCode.NOT_AUTHENTICATED,
            "the certificate request is not signed by the key that it asks a certificate for");
      }
      return key;
    } catch (IOException
        | GeneralSecurityException
        | OperatorCreationException
        | PKCSException
        | IllegalArgumentException
        | IllegalStateException
        | ClassCastException e) {
      throw new NaruException(ErrorCode.MALFORMED, "these bytes are no certificate request", e);
    }
  }
}
