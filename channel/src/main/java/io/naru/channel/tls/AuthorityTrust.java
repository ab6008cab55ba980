package io.naru.channel.tls;

import io.naru.channel.identity.KeyFingerprint;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.PKIXParameters;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts certificates that one authority issued and no others. The authority is known by its
 * certificate, or, to a node that joins, by its key's fingerprint alone.
 */
final class AuthorityTrust extends X509ExtendedTrustManager {
  private static final String SERVER_AUTHENTICATION = "1.3.6.1.5.5.7.3.1";
  private static final String CLIENT_AUTHENTICATION = "1.3.6.1.5.5.7.3.2";

  private final Optional<X509Certificate> authority;
  private final String fingerprint;

  private AuthorityTrust(Optional<X509Certificate> authority, String fingerprint) {
    this.authority = authority;
    this.fingerprint = fingerprint;
  }

  static AuthorityTrust of(X509Certificate authority) {
    return new AuthorityTrust(Optional.of(authority), KeyFingerprint.of(authority.getPublicKey()));
  }

  static AuthorityTrust ofFingerprint(String fingerprint) {
    return new AuthorityTrust(Optional.empty(), fingerprint);
  }

  private void check(X509Certificate[] chain, String purpose) throws CertificateException {
    if (chain.length != 2) {
      throw new UntrustedPeerException("it shows " + chain.length + " certificates, not 2", null);
    }
    String shown = KeyFingerprint.of(chain[1].getPublicKey());
    if (!shown.equals(fingerprint)) {
      throw new UntrustedPeerException(
          "it belongs to another cluster, or someone sits in between: its authority's key is "
              + shown
              + " where "
              + fingerprint
              + " must be",
          null);
    }
    try {
      PKIXParameters parameters =
          new PKIXParameters(Set.of(new TrustAnchor(authority.orElse(chain[1]), null)));
      parameters.setRevocationEnabled(false);
      CertPathValidator.getInstance("PKIX")
          .validate(
              CertificateFactory.getInstance("X.509").generateCertPath(List.of(chain[0])),
              parameters);
    } catch (CertPathValidatorException e) {
      throw new UntrustedPeerException(reason(e, chain[0]), e);
    } catch (GeneralSecurityException e) {
      throw new UntrustedPeerException("its certificate cannot be checked", e);
    }
    List<String> purposes = chain[0].getExtendedKeyUsage();
    if (purposes == null || !purposes.contains(purpose)) {
      throw new UntrustedPeerException("its certificate is for another purpose", null);
    }
  }

  private static String reason(CertPathValidatorException e, X509Certificate certificate) {
    return switch (e.getCause()) {
      case CertificateExpiredException _ ->
          "its certificate expired at " + certificate.getNotAfter().toInstant();
      case CertificateNotYetValidException _ ->
          "its certificate is valid only from "
              + certificate.getNotBefore().toInstant()
              + ": compare the clocks of the two hosts";
      case null, default -> "its certificate was not issued by our authority";
    };
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, SERVER_AUTHENTICATION);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, SERVER_AUTHENTICATION);
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, SERVER_AUTHENTICATION);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
    check(chain, CLIENT_AUTHENTICATION);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket)
      throws CertificateException {
    check(chain, CLIENT_AUTHENTICATION);
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine)
      throws CertificateException {
    check(chain, CLIENT_AUTHENTICATION);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return authority.map(it -> new X509Certificate[] {it}).orElse(new X509Certificate[0]);
  }
}
