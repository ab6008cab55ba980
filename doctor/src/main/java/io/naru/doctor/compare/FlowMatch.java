package io.naru.doctor.compare;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Pairs the packets of a flow that left with those that arrived. */
final class FlowMatch {
  /** Packets that left, by index in their log. */
  private final BitSet exact = new BitSet();

  private final BitSet resegmented = new BitSet();
  private final List<Long> delays = new ArrayList<>();

  /**
   * Pairs.
   *
   * @param sent indexes of packets in the first log that left
   * @param received indexes of packets in the second log that came
   */
  FlowMatch(PacketLog left, BitSet sent, PacketLog came, BitSet received, boolean tcp) {
    Map<Long, List<Integer>> waiting = new HashMap<>();
    // From the last to the first, so that the first is taken first from the end of a list.
    for (int i = received.length(); (i = received.previousSetBit(i - 1)) >= 0; ) {
      waiting.computeIfAbsent(came.identity(i), _ -> new ArrayList<>(1)).add(i);
    }
    for (int i = sent.nextSetBit(0); i >= 0; i = sent.nextSetBit(i + 1)) {
      List<Integer> same = waiting.get(left.identity(i));
      if (same != null && !same.isEmpty()) {
        int arrived = same.removeLast();
        exact.set(i);
        if (left.time(i) != PacketLog.NO_TIME && came.time(arrived) != PacketLog.NO_TIME) {
          delays.add(came.time(arrived) - left.time(i));
        }
      }
    }
    if (tcp) {
      resegmented(left, sent, came, waiting);
    }
  }

  /**
   * TCP data whose bytes arrived, if in other segments: interfaces cut large ones and glue small
   * ones together, before or after a capture.
   */
  private void resegmented(
      PacketLog left, BitSet sent, PacketLog came, Map<Long, List<Integer>> waiting) {
    List<int[]> ranges = new ArrayList<>();
    for (List<Integer> indexes : waiting.values()) {
      for (int i : indexes) {
        if (came.payload(i) > 0) {
          int start = sequence(came, i);
          ranges.add(new int[] {start, start + came.payload(i)});
        }
      }
    }
    if (ranges.isEmpty()) {
      return;
    }
    int origin = ranges.getFirst()[0]; // sequence numbers wrap around: compare distances
    TreeMap<Integer, Integer> joined = new TreeMap<>(); // from, to
    ranges.sort(Comparator.comparingInt(range -> range[0] - origin));
    for (int[] range : ranges) {
      int from = range[0] - origin;
      int to = range[1] - origin;
      Map.Entry<Integer, Integer> last = joined.lastEntry();
      if (last != null && from <= last.getValue()) {
        joined.put(last.getKey(), Math.max(last.getValue(), to));
      } else {
        joined.put(from, to);
      }
    }
    for (int i = sent.nextSetBit(0); i >= 0; i = sent.nextSetBit(i + 1)) {
      if (!exact.get(i) && left.payload(i) > 0) {
        int from = sequence(left, i) - origin;
        Map.Entry<Integer, Integer> range = joined.floorEntry(from);
        if (range != null && from + left.payload(i) <= range.getValue()) {
          resegmented.set(i);
        }
      }
    }
  }

  private static int sequence(PacketLog log, int i) {
    return (int) (log.identity(i) >>> 32);
  }

  boolean isExact(int i) {
    return exact.get(i);
  }

  boolean isResegmented(int i) {
    return resegmented.get(i);
  }

  /** Nanoseconds between each pair, by two clocks. */
  List<Long> delays() {
    return delays;
  }
}
