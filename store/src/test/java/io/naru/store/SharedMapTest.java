package io.naru.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.collection.OrderedDifference;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SharedMapTest {
  private static List<String> differences(
      SortedMap<Integer, Integer> a, SortedMap<Integer, Integer> b) {
    List<String> told = new ArrayList<>();
    OrderedDifference.forEach(a, b, (key, one, other) -> told.add(key + " " + one + " " + other));
    return told;
  }

  @Property
  void everyVersionIsWhatItWasAndKnowsWhatChanged(
      @ForAll @Size(max = 30)
          List<Map<@IntRange(max = 12) Integer, Optional<@IntRange(max = 3) Integer>>> steps) {
    List<SharedMap<Integer, Integer>> versions = new ArrayList<>();
    List<SortedMap<Integer, Integer>> expected = new ArrayList<>();
    SharedMap<Integer, Integer> version = SharedMap.of(Map.of(1, 1, 2, 2));
    SortedMap<Integer, Integer> same = new TreeMap<>(version);
    versions.add(version);
    expected.add(same);
    for (Map<Integer, Optional<Integer>> step : steps) {
      version = version.withEach(step);
      same = new TreeMap<>(same);
      for (var change : step.entrySet()) {
        if (change.getValue().isPresent()) {
          same.put(change.getKey(), change.getValue().get());
        } else {
          same.remove(change.getKey());
        }
      }
      versions.add(version);
      expected.add(same);
    }
    assertThat(versions).isEqualTo(expected);
    for (int i = 0; i < versions.size(); i++) {
      assertThat(differences(versions.get(i), version))
          .isEqualTo(differences(expected.get(i), same));
    }
  }

  @Test
  void whatChangedIsKnownFromItsOwnVersionsAlone() {
    SharedMap<Integer, Integer> first = SharedMap.of(Map.of(1, 1, 2, 2));
    SharedMap<Integer, Integer> second = first.with(3, 3);
    SharedMap<Integer, Integer> third = second.without(1);
    assertThat(third.changedSince(first).orElseThrow()).containsExactlyInAnyOrder(1, 3);
    assertThat(third.changedSince(second).orElseThrow()).containsExactly(1);
    assertThat(first.changedSince(third)).isEmpty();
    assertThat(third.changedSince(new TreeMap<>(first))).isEmpty();
    assertThat(third.changedSince(SharedMap.of(new TreeMap<>(first)))).isEmpty();
  }

  @Test
  void whoeverAltersItIsRefusedAndACopyDoesNotFollow() {
    Map<String, Integer> mutable = new HashMap<>(Map.of("a", 1));
    SharedMap<String, Integer> map = SharedMap.of(mutable);
    mutable.put("b", 2);
    assertThat(map).containsOnlyKeys("a");
    assertThatThrownBy(() -> map.put("c", 3)).isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> map.entrySet().clear())
        .isInstanceOf(UnsupportedOperationException.class);
    assertThat(SharedMap.of(map)).isSameAs(map);
  }

  @Test
  void keysAreInTheirOwnOrder() {
    SharedMap<String, Integer> map = SharedMap.of(Map.of("b", 2, "c", 3, "a", 1));
    assertThat(map.keySet()).containsExactly("a", "b", "c");
    assertThat(map.firstKey()).isEqualTo("a");
    assertThat(map.lastKey()).isEqualTo("c");
    assertThat(map.subMap("b", "c")).containsOnlyKeys("b");
    assertThat(map.headMap("b")).containsOnlyKeys("a");
    assertThat(map.tailMap("b")).containsOnlyKeys("b", "c");
  }
}
