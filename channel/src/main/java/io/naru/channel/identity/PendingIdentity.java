package io.naru.channel.identity;

import io.naru.channel.file.PrivateFile;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.X509EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The key of a node that is joining. It is saved before it is sent: if the answer is lost, the next
 * try comes with the same key, which the store then knows already.
 */
public final class PendingIdentity {
  private static final String FILE = "joining.pem";
  private static final int LARGEST_CERTIFICATE = 8192;

  private final Path directory;
  private final KeyPair keys;
  private final NodeName name;

  private PendingIdentity(Path directory, KeyPair keys, NodeName name) {
    this.directory = directory;
    this.keys = keys;
    this.name = name;
  }

  /** The key of an earlier try in that directory, or a new one. */
  public static PendingIdentity in(Path directory, NodeName name) {
    PrivateFile.directory(directory);
    Path file = directory.resolve(FILE);
    Optional<KeyPair> earlier = PrivateFile.read(file).flatMap(PendingIdentity::keys);
    if (earlier.isPresent()) {
      return new PendingIdentity(directory, earlier.get(), name);
    }
    KeyPair keys = EcKeys.generate();
    PrivateFile.write(
        file,
        PemText.of(keys.getPrivate())
            + "public "
            + Base64.getEncoder().encodeToString(keys.getPublic().getEncoded())
            + "\n");
    return new PendingIdentity(directory, keys, name);
  }

  private static Optional<KeyPair> keys(String text) {
    try {
      Optional<PrivateKey> secret = PemText.privateKey(text);
      int at = text.indexOf("public ");
      if (secret.isEmpty() || at < 0) {
        return Optional.empty();
      }
      PublicKey open =
          KeyFactory.getInstance("EC")
              .generatePublic(
                  new X509EncodedKeySpec(
                      Base64.getDecoder().decode(text.substring(at + 7).strip())));
      return EcKeys.match(secret.get(), open)
          ? Optional.of(new KeyPair(open, secret.get()))
          : Optional.empty();
    } catch (GeneralSecurityException | IllegalArgumentException damaged) {
      return Optional.empty();
    }
  }

  /** PKCS #10 in DER. */
  public byte[] request() {
    return CertificateRequest.encode(keys, name);
  }

  /** Saves the identity of the key and the certificates that were issued for it. */
  public NodeIdentity complete(List<byte[]> chain) {
    NodeIdentity identity = NodeIdentity.of(keys.getPrivate(), certificates(chain));
    if (!identity.name().equals(name)) {
      throw new NaruException(
          ErrorCode.NOT_AUTHENTICATED,
          "the certificate is for " + identity.name() + ", not for " + name);
    }
    identity.save(directory);
    PrivateFile.delete(directory.resolve(FILE));
    return identity;
  }

  /**
   * Certificates of their DER encodings.
   *
   * @throws NaruException MALFORMED for anything else
   */
  public static List<X509Certificate> certificates(List<byte[]> chain) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (byte[] der : chain) {
      if (der.length > LARGEST_CERTIFICATE) {
        throw new NaruException(ErrorCode.MALFORMED, "a certificate is too long");
      }
      try {
        certificates.add(
            (X509Certificate)
                CertificateFactory.getInstance("X.509")
                    .generateCertificate(new ByteArrayInputStream(der)));
      } catch (CertificateException e) {
        throw new NaruException(ErrorCode.MALFORMED, "these bytes are no certificate", e);
      }
    }
    return certificates;
  }
}
