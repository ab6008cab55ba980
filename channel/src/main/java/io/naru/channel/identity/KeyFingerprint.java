package io.naru.channel.identity;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.PublicKey;
import java.util.Base64;

/** The SHA-256 of a public key's SubjectPublicKeyInfo (RFC 5280, 4.1.2.7) in base64url. */
public final class KeyFingerprint {
  private KeyFingerprint() {}

  /** 43 characters. */
  public static String of(PublicKey key) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(key.getEncoded()));
  }

  static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (NoSuchAlgorithmException e) {
      throw new NaruException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }
}
