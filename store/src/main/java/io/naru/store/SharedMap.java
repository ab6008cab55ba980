package io.naru.store;

import io.naru.core.collection.VersionedMap;
import java.lang.ref.WeakReference;
import java.util.AbstractMap;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.pcollections.TreePMap;

/**
 * A map in the order of its keys that never changes. The next version shares with it what stayed,
 * and knows what did not: a change of one entry, and to find it, costs the same among ten and among
 * ten thousand.
 */
@SuppressWarnings("JdkObsolete") // nobody asks for the rest of a NavigableMap
public final class SharedMap<K extends Comparable<? super K>, V> extends AbstractMap<K, V>
    implements VersionedMap<K, V> {
  /** To follow more steps back costs more than it spares. */
  private static final int MOST_STEPS = 16;

  private static final int MOST_CHANGED = 1000;

  private final TreePMap<K, V> entries;
  private final @Nullable Step<K, V> step;

  /** How a map was made. The earlier one is kept by those who want to know what changed since. */
  private record Step<K extends Comparable<? super K>, V>(
      WeakReference<SharedMap<K, V>> earlier, Set<K> changed) {}

  private SharedMap(TreePMap<K, V> entries, @Nullable Step<K, V> step) {
    this.entries = entries;
    this.step = step;
  }

  /** That map, or a copy of one that may change. */
  public static <K extends Comparable<? super K>, V> SharedMap<K, V> of(Map<K, V> map) {
    if (map instanceof SharedMap<K, V> shared) {
      return shared;
    }
    map.forEach((key, value) -> Objects.requireNonNull(value, () -> key + " has no value"));
    return new SharedMap<>(TreePMap.from(map), null);
  }

  /** With that entry, in place of the key's other one if it has one. */
  public SharedMap<K, V> with(K key, V value) {
    return next(entries.plus(key, value), Set.of(key));
  }

  /** Without a key. */
  public SharedMap<K, V> without(K key) {
    return next(entries.minus(key), Set.of(key));
  }

  /** With all of those entries. */
  public SharedMap<K, V> withAll(Map<K, V> more) {
    return next(entries.plusAll(more), more.keySet());
  }

  /** With those keys' new values, and without those that have none. */
  public SharedMap<K, V> withEach(Map<K, Optional<V>> changes) {
    TreePMap<K, V> next = entries;
    for (Entry<K, Optional<V>> change : changes.entrySet()) {
      K key = change.getKey();
      Optional<V> value = change.getValue();
      next = value.isPresent() ? next.plus(key, value.get()) : next.minus(key);
    }
    return next(next, changes.keySet());
  }

  private SharedMap<K, V> next(TreePMap<K, V> next, Set<K> changed) {
    return new SharedMap<>(
        next,
        changed.size() > MOST_CHANGED
            ? null
            : new Step<>(new WeakReference<>(this), Set.copyOf(changed)));
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // it is about this very version
  public Optional<Set<K>> changedSince(SortedMap<K, V> earlier) {
    Set<K> changed = new HashSet<>();
    SharedMap<K, V> at = this;
    for (int steps = 0; steps < MOST_STEPS && at != null && at.step != null; steps++) {
      changed.addAll(at.step.changed);
      at = at.step.earlier.get();
      if (at == earlier) {
        return Optional.of(changed);
      }
    }
    return Optional.empty();
  }

  @Override
  public int size() {
    return entries.size();
  }

  @Override
  public @Nullable V get(@Nullable Object key) {
    return entries.get(key);
  }

  @Override
  public boolean containsKey(@Nullable Object key) {
    return entries.containsKey(key);
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return entries.entrySet();
  }

  @Override
  public Set<K> keySet() {
    return entries.keySet();
  }

  @Override
  public @Nullable Comparator<? super K> comparator() {
    return null; // the keys' own order
  }

  @Override
  public SortedMap<K, V> subMap(K from, K to) {
    return entries.subMap(from, to);
  }

  @Override
  public SortedMap<K, V> headMap(K to) {
    return entries.headMap(to);
  }

  @Override
  public SortedMap<K, V> tailMap(K from) {
    return entries.tailMap(from);
  }

  @Override
  public K firstKey() {
    return entries.firstKey();
  }

  @Override
  public K lastKey() {
    return entries.lastKey();
  }
}
