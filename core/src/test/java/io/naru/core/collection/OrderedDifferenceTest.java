package io.naru.core.collection;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class OrderedDifferenceTest {
  private record Told(Integer key, Integer before, Integer after) {}

  private static List<Told> told(
      boolean all, Map<Integer, Integer> one, Map<Integer, Integer> two) {
    List<Told> told = new ArrayList<>();
    OrderedDifference.Listener<Integer, Integer> listener =
        (key, before, after) -> told.add(new Told(key, before, after));
    SortedMap<Integer, Integer> before = new TreeMap<>(one);
    SortedMap<Integer, Integer> after = new TreeMap<>(two);
    if (all) {
      OrderedDifference.forAll(before, after, listener);
    } else {
      OrderedDifference.forEach(before, after, listener);
    }
    return told;
  }

  @Property
  void itTellsWhatASearchForEachKeyFinds(
      @ForAll Map<@IntRange(max = 20) Integer, @IntRange(max = 3) Integer> one,
      @ForAll Map<@IntRange(max = 20) Integer, @IntRange(max = 3) Integer> two) {
    Set<Integer> keys = new HashSet<>(one.keySet());
    keys.addAll(two.keySet());
    List<Told> all =
        keys.stream().sorted().map(key -> new Told(key, one.get(key), two.get(key))).toList();
    assertThat(told(true, one, two)).isEqualTo(all);
    assertThat(told(false, one, two))
        .isEqualTo(
            all.stream().filter(each -> !Objects.equals(each.before(), each.after())).toList());
  }
}
