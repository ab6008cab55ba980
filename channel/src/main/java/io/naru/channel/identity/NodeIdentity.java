package io.naru.channel.identity;

import io.naru.channel.file.PrivateFile;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A node's key, its certificate, and the authority it trusts. */
public final class NodeIdentity {
  private static final String FILE = "identity.pem";

  private final PrivateKey key;
  private final List<X509Certificate> chain;
  private final NodeName name;

  private NodeIdentity(PrivateKey key, List<X509Certificate> chain, NodeName name) {
    this.key = key;
    this.chain = List.copyOf(chain);
    this.name = name;
  }

  /**
   * An identity of its parts.
   *
   * @param chain the node's certificate and the authority's
   * @throws NaruException NOT_AUTHENTICATED if they do not belong together
   */
  public static NodeIdentity of(PrivateKey key, List<X509Certificate> chain) {
    if (chain.size() != 2) {
      throw notTogether("there must be two certificates, the node's and the authority's", null);
    }
    try {
      chain.get(0).verify(chain.get(1).getPublicKey());
      if (!EcKeys.match(key, chain.get(0).getPublicKey())) {
        throw notTogether("the certificate is for another key", null);
      }
    } catch (GeneralSecurityException e) {
      throw notTogether("the certificate is not the authority's", e);
    }
    return new NodeIdentity(key, chain, CertificateNames.nodeName(chain.get(0)));
  }

  private static NaruException notTogether(String why, @Nullable Exception e) {
    return new NaruException(
        ErrorCode.NOT_AUTHENTICATED, "key and certificates do not belong together: " + why, e);
  }

  /** The identity saved in a directory, or empty where there is none. */
  public static Optional<NodeIdentity> load(Path directory) {
    Path file = directory.resolve(FILE);
    Optional<String> text = PrivateFile.read(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<PrivateKey> key = PemText.privateKey(text.get());
      if (key.isPresent()) {
        return Optional.of(of(key.get(), PemText.certificates(text.get())));
      }
    } catch (GeneralSecurityException | NaruException e) {
      throw damaged(file, e);
    }
    throw damaged(file, null);
  }

  private static NaruException damaged(Path file, @Nullable Exception e) {
    return new NaruException(
        ErrorCode.MALFORMED,
        file + " is damaged; remove it and join the cluster again with: naru agent --join TOKEN",
        e);
  }

  /** Saves key and certificates in one file of mode 0600, as a whole or not at all. */
  public void save(Path directory) {
    PrivateFile.directory(directory);
    PrivateFile.write(directory.resolve(FILE), PemText.of(key) + PemText.of(chain));
  }

  /** The name the certificate was issued to. */
  public NodeName name() {
    return name;
  }

  public PrivateKey key() {
    return key;
  }

  /** The node's certificate and the authority's. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The authority's certificate. */
  public X509Certificate authority() {
    return chain.get(1);
  }

  /** Fingerprint of the node's public key. */
  public String fingerprint() {
    return KeyFingerprint.of(chain.get(0).getPublicKey());
  }

  public Instant expires() {
    return chain.get(0).getNotAfter().toInstant();
  }

  /** Whether less than a third of a year is left, so that a new certificate should be asked for. */
  public boolean renewalIsDue(Instant now) {
    return now.isAfter(expires().minus(Duration.ofDays(120)));
  }

  /** A request for a new certificate of the same key, in DER. */
  public byte[] renewalRequest() {
    return CertificateRequest.encode(
        new java.security.KeyPair(chain.get(0).getPublicKey(), key), name);
  }

  /**
   * The same key with a new certificate.
   *
   * @throws NaruException NOT_AUTHENTICATED if it is for another name, or of another authority
   */
  public NodeIdentity renew(List<X509Certificate> newChain) {
    NodeIdentity renewed = of(key, newChain);
    if (!renewed.name.equals(name)
        || !renewed.authority().getPublicKey().equals(authority().getPublicKey())) {
      throw notTogether("the new certificate is for another name, or of another authority", null);
    }
    return renewed;
  }

  @Override
  public String toString() {
    return "node " + name + " (" + fingerprint() + ")";
  }
}
