package io.naru.core.collection;

import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * What two maps in the natural order of their keys do not have alike: a walk along the two, not
 * thousands of searches; and not even that where one knows how it was made from the other.
 */
public final class OrderedDifference {
  private OrderedDifference() {}

  /** Is told of a key. */
  public interface Listener<K, V> {
    /**
     * @param before the value that the first map has, null if it has none
     * @param after the value that the second map has, null if it has none
     */
    void differs(K key, @Nullable V before, @Nullable V after);
  }

  /** Tells of each key that one map alone has, or that both have with values that differ. */
  public static <K extends Comparable<K>, V> void forEach(
      SortedMap<K, V> before, SortedMap<K, V> after, Listener<K, V> listener) {
    walk(before, after, false, listener);
  }

  /** Tells of each key of either map, also where both values are alike. */
  public static <K extends Comparable<K>, V> void forAll(
      SortedMap<K, V> before, SortedMap<K, V> after, Listener<K, V> listener) {
    walk(before, after, true, listener);
  }

  @SuppressWarnings("ReferenceEquality") // the same map: nothing to walk along
  private static <K extends Comparable<K>, V> void walk(
      SortedMap<K, V> before, SortedMap<K, V> after, boolean alike, Listener<K, V> listener) {
    if (before == after && !alike) {
      return;
    }
    if (!alike && after instanceof VersionedMap<K, V> version) {
      Optional<Set<K>> changed = version.changedSince(before);
      if (changed.isPresent()) {
        lookUp(changed.get(), before, after, listener);
        return;
      }
    }
    Iterator<Map.Entry<K, V>> left = before.entrySet().iterator();
    Iterator<Map.Entry<K, V>> right = after.entrySet().iterator();
    Map.Entry<K, V> one = next(left);
    Map.Entry<K, V> other = next(right);
    while (one != null || other != null) {
      int order = one == null ? 1 : other == null ? -1 : one.getKey().compareTo(other.getKey());
      if (order < 0 && one != null) {
        listener.differs(one.getKey(), one.getValue(), null);
        one = next(left);
      } else if (order > 0 && other != null) {
        listener.differs(other.getKey(), null, other.getValue());
        other = next(right);
      } else if (one != null && other != null) {
        if (alike || !Objects.equals(one.getValue(), other.getValue())) {
          listener.differs(one.getKey(), one.getValue(), other.getValue());
        }
        one = next(left);
        other = next(right);
      }
    }
  }

  private static <K extends Comparable<K>, V> void lookUp(
      Set<K> keys, SortedMap<K, V> before, SortedMap<K, V> after, Listener<K, V> listener) {
    keys.stream()
        .sorted()
        .forEach(
            key -> {
              V one = before.get(key);
              V other = after.get(key);
              if (!Objects.equals(one, other)) {
                listener.differs(key, one, other);
              }
            });
  }

  private static <E> @Nullable E next(Iterator<E> entries) {
    return entries.hasNext() ? entries.next() : null;
  }
}
