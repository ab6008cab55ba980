package io.naru.store.state;

import java.time.Instant;
import java.util.Objects;

/**
 * A join token as the store keeps it.
 *
 * @param id names it
 * @param secretHash SHA-256 of the secret, in hexadecimal: the secret itself is not kept
 * @param expires from then on it lets nobody in
 * @param uses how many nodes joined with it
 */
public record TokenRecord(String id, String secretHash, Instant expires, int uses) {
  public TokenRecord {
    Objects.requireNonNull(id, "id is missing");
    Objects.requireNonNull(secretHash, "secretHash is missing");
    Objects.requireNonNull(expires, "expires is missing");
  }
}
