package io.naru.dns.zone;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A map that is never altered, and of which an altered one costs little: it is cut into many small
 * parts, and the altered one shares all but those that differ. Of 40,000 keys a change copies about
 * forty, and the list of parts.
 */
final class SharedIndex<K, V> {
  private static final int PARTS = 1024;

  private final @Nullable Map<K, V>[] parts;

  private SharedIndex(@Nullable Map<K, V>[] parts) {
    this.parts = parts;
  }

  @SuppressWarnings({"unchecked", "rawtypes"})
  static <K, V> SharedIndex<K, V> empty() {
    return new SharedIndex<>((Map<K, V>[]) new Map[PARTS]);
  }

  @Nullable V get(K key) {
    Map<K, V> part = parts[part(key)];
    return part == null ? null : part.get(key);
  }

  Draft draft() {
    return new Draft();
  }

  private static int part(Object key) {
    int hash = key.hashCode() * 0x9e37_79b9;
    return hash >>> 22;
  }

  /** The next index while it is written. */
  final class Draft {
    private final @Nullable Map<K, V>[] next = Arrays.copyOf(parts, PARTS);

    @Nullable V get(K key) {
      Map<K, V> part = next[part(key)];
      return part == null ? null : part.get(key);
    }

    /** Null takes the key away. */
    @SuppressWarnings("ReferenceEquality") // whether the part is still shared
    void put(K key, @Nullable V value) {
      int at = part(key);
      Map<K, V> part = next[at];
      if (part == null || part == parts[at]) {
        part = part == null ? new HashMap<>() : new HashMap<>(part);
        next[at] = part;
      }
      if (value == null) {
        part.remove(key);
      } else {
        part.put(key, value);
      }
    }

    /** Must not be written to afterwards. */
    SharedIndex<K, V> finish() {
      return new SharedIndex<>(next);
    }
  }
}
