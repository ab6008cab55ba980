package io.naru.observe.counter;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class KernelCountersTest {
  @Test
  void connectionTrackingCountsInHexadecimalsAndForEachCpu() {
    Map<String, Long> counters = new HashMap<>();
    KernelCounters.conntrack(
        List.of(
            "entries  clashres found new drop early_drop",
            "00040000  00000000 00000000 00000000 0000000f 00000001",
            "00040000  00000000 00000000 00000000 00000011 00000000"),
        counters);
    assertThat(counters).containsEntry("conntrack.drop", 32L);
    assertThat(counters).containsEntry("conntrack.early_drop", 1L);
    assertThat(counters).as("a number of all CPUs together").doesNotContainKey("conntrack.entries");
  }

  @Test
  void anotherKernelsFormatIsNotCounted() {
    Map<String, Long> counters = new HashMap<>();
    KernelCounters.conntrack(List.of(), counters);
    KernelCounters.conntrack(List.of("entries drop", "1", "2 some"), counters);
    assertThat(counters).isEmpty();
  }

  @Test
  void onlyWhatRoseIsLeft() {
    assertThat(KernelCounters.rise(Map.of("a", 1L, "b", 2L), Map.of("a", 1L, "b", 5L, "c", 4L)))
        .isEqualTo(Map.of("b", 3L, "c", 4L));
  }
}
