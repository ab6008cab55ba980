package io.naru.store;

import java.util.Map;
import java.util.Objects;
import org.pcollections.TreePMap;

/**
 * Maps in the order of their keys that never change: the next version of one shares with it what
 * stayed, so that a change of one entry costs the same among ten and among ten thousand.
 */
public final class SharedMap {
  private SharedMap() {}

  /** That map, or a copy of one that may change. */
  @SuppressWarnings("unchecked") // a map's own type says that its keys can be compared
  public static <K extends Comparable<? super K>, V> TreePMap<K, V> of(Map<K, V> map) {
    if (map instanceof TreePMap<?, ?> shared) {
      return (TreePMap<K, V>) shared;
    }
    map.forEach((key, value) -> Objects.requireNonNull(value, () -> key + " has no value"));
    return TreePMap.from(map);
  }
}
