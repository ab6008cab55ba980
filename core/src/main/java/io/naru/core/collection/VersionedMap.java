package io.naru.core.collection;

import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;

/** A map that never changes, in the natural order of its keys, made from an earlier one like it. */
@SuppressWarnings("JdkObsolete") // nobody asks for the rest of a NavigableMap
public interface VersionedMap<K, V> extends SortedMap<K, V> {
  /**
   * The keys that one of both maps alone has, or whose values may differ.
   *
   * @return empty where that is not known, and a walk along both must tell
   */
  Optional<Set<K>> changedSince(SortedMap<K, V> earlier);
}
