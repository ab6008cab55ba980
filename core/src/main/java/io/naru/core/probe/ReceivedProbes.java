package io.naru.core.probe;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What arrived on one path, at its receiving end. Times are nanoseconds of any one monotonic clock.
 * Not safe for use by several threads at once.
 */
public final class ReceivedProbes {
  private final Map<ProbeSize, Long> delivered = new EnumMap<>(ProbeSize.class);
  private final Map<PathTap, Long> seen = new EnumMap<>(PathTap.class);
  private final Deque<Long> newest = new ArrayDeque<>();
  private final long startedAt;

  public ReceivedProbes(long now) {
    startedAt = now;
  }

  public void delivered(long id, ProbeSize size, long now) {
    delivered.put(size, now);
    newest.addFirst(id);
    if (newest.size() > ProbePacket.MAXIMUM_RECEIVED) {
      newest.removeLast();
    }
  }

  /** A tap of this end saw a probe. */
  public void seen(PathTap tap, long now) {
    seen.put(tap, now);
  }

  /** Ids of the newest probes that arrived, newest first. */
  public List<Long> newest() {
    return List.copyOf(newest);
  }

  /**
   * What arrived of late.
   *
   * @param expected since when the other end has been there to send, if it is there now
   */
  public Arrivals arrivals(ProbeTiming timing, OptionalLong expected, long now) {
    long patience = timing.patience().toNanos();
    return new Arrivals(
        now - startedAt >= patience && now - expected.orElse(startedAt) >= patience,
        fresh(delivered.get(ProbeSize.SMALL), now, patience),
        fresh(delivered.get(ProbeSize.FULL), now, patience),
        seen.entrySet().stream()
            .filter(entry -> now - entry.getValue() < patience)
            .map(Map.Entry::getKey)
            .max(PathTap::compareTo));
  }

  private static boolean fresh(@Nullable Long at, long now, long patience) {
    return at != null && now - at < patience;
  }

  /**
   * What arrived of late.
   *
   * @param settled whether this end has watched long enough to miss something
   * @param small whether small probes arrive
   * @param full whether full-size probes arrive
   * @param farthest the farthest tap of this end that saw any
   */
  public record Arrivals(
      boolean settled, boolean small, boolean full, Optional<PathTap> farthest) {}
}
