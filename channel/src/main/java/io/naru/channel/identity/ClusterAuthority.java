package io.naru.channel.identity;

import io.naru.channel.file.PrivateFile;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/** The cluster's certificate authority: makes certificates for nodes (RFC 5280). */
public final class ClusterAuthority {
  /** The name under which the store answers, on whatever node it runs; no node may have it. */
  public static final NodeName SERVER = new NodeName("naru-server");

  private static final String FILE = "authority.pem";
  private static final Duration VALIDITY = Duration.ofDays(3652);
  private static final Duration NODE_VALIDITY = Duration.ofDays(365);

  /** A node whose clock is behind by less than this still accepts a new certificate. */
  private static final Duration CLOCK_SKEW = Duration.ofDays(1);

  private final PrivateKey key;
  private final X509Certificate certificate;
  private final InstantSource clock;

  private ClusterAuthority(PrivateKey key, X509Certificate certificate, InstantSource clock) {
    this.key = key;
    this.certificate = certificate;
    this.clock = clock;
  }

  /** A new authority with a key of its own, valid for ten years; not saved yet. */
  public static ClusterAuthority create(InstantSource clock) {
    KeyPair keys = EcKeys.generate();
    X500Principal subject = new X500Principal("CN=naru cluster authority");
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            subject,
            serial(),
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(now.plus(VALIDITY)),
            subject,
            keys.getPublic());
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(0));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.keyCertSign));
    } catch (IOException e) {
      throw new NaruException(ErrorCode.INTERNAL, "the authority cannot be made", e);
    }
    return new ClusterAuthority(keys.getPrivate(), signed(builder, keys.getPrivate()), clock);
  }

  /** The authority in a directory, made there at the first call. */
  public static ClusterAuthority loadOrCreate(Path directory, InstantSource clock) {
    Optional<ClusterAuthority> saved = load(directory, clock);
    if (saved.isPresent()) {
      return saved.get();
    }
    ClusterAuthority authority = create(clock);
    authority.save(directory);
    return authority;
  }

  /** The authority that was saved in a directory, or empty where there is none. */
  public static Optional<ClusterAuthority> load(Path directory, InstantSource clock) {
    Path file = directory.resolve(FILE);
    Optional<String> text = PrivateFile.read(file);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    try {
      Optional<PrivateKey> key = PemText.privateKey(text.get());
      List<X509Certificate> certificates = PemText.certificates(text.get());
      if (key.isPresent()
          && certificates.size() == 1
          && EcKeys.match(key.get(), certificates.getFirst().getPublicKey())) {
        return Optional.of(new ClusterAuthority(key.get(), certificates.getFirst(), clock));
      }
    } catch (GeneralSecurityException e) {
      throw damaged(file, e);
    }
    throw damaged(file, null);
  }

  private static NaruException damaged(Path file, @org.jspecify.annotations.Nullable Exception e) {
    return new NaruException(
        ErrorCode.MALFORMED,
        file
            + " is damaged: it must hold the authority's key and certificate; restore it from a"
            + " backup, for without it no node can join",
        e);
  }

  /** Saves key and certificate in one file of mode 0600. */
  public void save(Path directory) {
    PrivateFile.directory(directory);
    PrivateFile.write(directory.resolve(FILE), PemText.of(key) + PemText.of(List.of(certificate)));
  }

  public X509Certificate certificate() {
    return certificate;
  }

  /** What a join token names the authority by. */
  public String fingerprint() {
    return KeyFingerprint.of(certificate.getPublicKey());
  }

  /**
   * Makes a certificate for a node, valid for a year.
   *
   * @param request PKCS #10 in DER; only its key counts, the name comes from the caller
   * @param speaksForServer whether the node's agent relays to the store on its own host, so that
   *     those who look for the store accept it
   * @return the node's certificate and the authority's
   */
  public List<X509Certificate> issue(byte[] request, NodeName name, boolean speaksForServer) {
    return issue(CertificateRequest.verifiedKey(request), name, speaksForServer);
  }

  /** An identity for the store's own listener. */
  public NodeIdentity serverIdentity() {
    KeyPair keys = EcKeys.generate();
    return NodeIdentity.of(keys.getPrivate(), issue(keys.getPublic(), SERVER, true));
  }

  private List<X509Certificate> issue(PublicKey key, NodeName name, boolean speaksForServer) {
    Instant now = clock.instant();
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            certificate.getSubjectX500Principal(),
            serial(),
            Date.from(now.minus(CLOCK_SKEW)),
            Date.from(now.plus(NODE_VALIDITY)),
            new X500Principal("CN=" + name),
            key);
    List<GeneralName> names = new ArrayList<>();
    names.add(new GeneralName(GeneralName.dNSName, name.text()));
    if (speaksForServer && !name.equals(SERVER)) {
      names.add(new GeneralName(GeneralName.dNSName, SERVER.text()));
    }
    try {
      builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(false));
      builder.addExtension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature));
      builder.addExtension(
          Extension.extendedKeyUsage,
          false,
          new ExtendedKeyUsage(
              new KeyPurposeId[] {KeyPurposeId.id_kp_serverAuth, KeyPurposeId.id_kp_clientAuth}));
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(names.toArray(new GeneralName[0])));
    } catch (IOException e) {
      throw new NaruException(ErrorCode.INTERNAL, "a certificate cannot be made", e);
    }
    return List.of(signed(builder, this.key), certificate);
  }

  /** 128 random bits (RFC 5280, 4.1.2.2: positive, at most 20 bytes, unique). */
  private static BigInteger serial() {
    return new BigInteger(128, new SecureRandom()).setBit(127);
  }

  private static X509Certificate signed(JcaX509v3CertificateBuilder builder, PrivateKey key) {
    try {
      return new JcaX509CertificateConverter()
          .getCertificate(builder.build(new JcaContentSignerBuilder(EcKeys.SIGNATURE).build(key)));
    } catch (OperatorCreationException | GeneralSecurityException e) {
      throw new NaruException(ErrorCode.INTERNAL, "a certificate cannot be signed", e);
    }
  }
}
