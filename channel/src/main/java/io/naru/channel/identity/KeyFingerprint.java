package io.naru.channel.identity;

import io.naru.core.digest.Sha256;
import java.security.PublicKey;
import java.util.Base64;

/** The SHA-256 of a public key's SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in base64url. */
public final class KeyFingerprint {
  private KeyFingerprint() {}

  /** 43 characters. */
  public static String of(PublicKey key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(Sha256.of(key.getEncoded()));
  }
}
