package io.naru.store.service;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** What the store keeps of a token's secret: 128 random bits need no slower hash than SHA-256. */
final class TokenSecret {
  private TokenSecret() {}

  static String hash(String secret) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(secret.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new NaruException(ErrorCode.INTERNAL, "this Java has no SHA-256", e);
    }
  }
}
