package io.naru.store.service;

import io.naru.core.digest.Sha256;

/** What the store keeps of a token's secret: 128 random bits need no slower hash than SHA-256. */
final class TokenSecret {
  private TokenSecret() {}

  static String hash(String secret) {
    return Sha256.hex(secret);
  }
}
