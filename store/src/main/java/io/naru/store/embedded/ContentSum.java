package io.naru.store.embedded;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * A sum over every entry of the tables, in whatever order: it follows each change, and is kept with
 * the entries. The engine checks how its pages hang together, but not what is written on them: a
 * digit of an address that the disk turned into another would be read without a word.
 */
final class ContentSum {
  private long sum;

  /** Takes an entry in. */
  void add(String table, String key, String value) {
    sum += hash(table, key, value);
  }

  /** Takes out an entry that was taken in. */
  void remove(String table, String key, String value) {
    sum -= hash(table, key, value);
  }

  /** The first 8 bytes of the SHA-256 of its parts. */
  private static long hash(String table, String key, String value) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (String part : new String[] {table, key, value}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        digest.update(bytes);
      }
      return ByteBuffer.wrap(digest.digest()).getLong();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The sum as the store keeps it: 16 hexadecimal digits. */
  @Override
  public String toString() {
    return "%016x".formatted(sum);
  }
}
