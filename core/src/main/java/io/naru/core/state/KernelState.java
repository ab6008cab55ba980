package io.naru.core.state;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** A set of entries, of which no two share a key: all of ours that a kernel holds, or should. */
public final class KernelState {
  private final Map<KernelEntry.Key, KernelEntry> entries;

  private KernelState(Map<KernelEntry.Key, KernelEntry> entries) {
    this.entries = entries;
  }

  /** Where two entries share a key, the first one stays. */
  public static KernelState of(Collection<? extends KernelEntry> entries) {
    Map<KernelEntry.Key, KernelEntry> byKey = LinkedHashMap.newLinkedHashMap(entries.size());
    for (KernelEntry entry : entries) {
      byKey.putIfAbsent(entry.key(), entry);
    }
    return new KernelState(byKey);
  }

  public static KernelState empty() {
    return new KernelState(Map.of());
  }

  public Collection<KernelEntry> entries() {
    return Collections.unmodifiableCollection(entries.values());
  }

  /** The entries with their keys, in the order in which they were given. */
  Map<KernelEntry.Key, KernelEntry> byKey() {
    return entries;
  }

  public Optional<KernelEntry> find(KernelEntry.Key key) {
    return Optional.ofNullable(entries.get(key));
  }

  public boolean has(KernelEntry.Key key) {
    return entries.containsKey(key);
  }
}
