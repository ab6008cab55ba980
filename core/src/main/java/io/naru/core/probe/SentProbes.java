package io.naru.core.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What became of the probes sent on one path. Times are nanoseconds of any one monotonic clock,
 * given by the caller. Not safe for use by several threads at once.
 */
public final class SentProbes {
  private static final class Sent {
    final long id;
    final ProbeSize size;
    final long at;
    boolean acknowledged;
    boolean ofOutage;
    Optional<PathTap> farthest = Optional.empty();

    Sent(long id, ProbeSize size, long at) {
      this.id = id;
      this.size = size;
      this.at = at;
    }
  }

  /** So many probes must be settled after an outage before it is taken to be over. */
  private static final int ENOUGH = 4;

  private final Deque<Sent> newestLast = new ArrayDeque<>();
  private final Map<Long, Sent> byId = new HashMap<>();
  private Optional<String> sendError = Optional.empty();

  /** The kernel took a probe. */
  public void sent(long id, ProbeSize size, long now) {
    Sent probe = new Sent(id, size, now);
    newestLast.addLast(probe);
    byId.put(id, probe);
    if (size == ProbeSize.SMALL) {
      sendError = Optional.empty();
    }
  }

  /** The kernel did not take the probe that was just counted as sent: it is lost. */
  public void refused(String why) {
    sendError = Optional.of(why);
  }

  /** The other end has a probe; ids that were never sent are ignored. */
  public boolean acknowledged(long id) {
    Sent probe = byId.get(id);
    if (probe == null) {
      return false;
    }
    probe.acknowledged = true;
    return true;
  }

  /** Whether any probe that was sent since then has been acknowledged. */
  public boolean isAcknowledgedSince(long then) {
    for (Sent probe : newestLast.reversed()) {
      if (probe.at - then < 0) {
        return false;
      }
      if (probe.acknowledged) {
        return true;
      }
    }
    return false;
  }

  /** A tap saw a probe. */
  public void seen(long id, PathTap tap) {
    Sent probe = byId.get(id);
    if (probe != null && probe.farthest.map(known -> known.compareTo(tap) < 0).orElse(true)) {
      probe.farthest = Optional.of(tap);
    }
  }

  /** Forgets what is older than the window. */
  public void forget(ProbeTiming timing, long now) {
    while (!newestLast.isEmpty() && now - newestLast.getFirst().at > timing.window().toNanos()) {
      byId.remove(newestLast.removeFirst().id);
    }
  }

  /**
   * The state of affairs at a moment.
   *
   * @param answerable probes sent before are left out: nobody was there who could have answered
   */
  public Fate fate(ProbeTiming timing, OptionalLong answerable, long now) {
    List<Sent> settled = new ArrayList<>();
    for (Sent probe : newestLast.reversed()) {
      boolean asked = answerable.isEmpty() || probe.at - answerable.getAsLong() >= 0;
      if (probe.acknowledged || (asked && now - probe.at >= timing.deadline().toNanos())) {
        settled.add(probe);
      }
    }
    markOutages(settled, timing);
    // The newest losses may be the beginning of an outage; they count once something came through.
    List<Sent> counted =
        settled.stream()
            .dropWhile(probe -> !probe.acknowledged)
            .filter(probe -> probe.acknowledged || !probe.ofOutage)
            .toList();
    return new Fate(
        counted.size(),
        (int) counted.stream().filter(probe -> !probe.acknowledged).count(),
        lostInARow(settled, ProbeSize.SMALL),
        lostInARow(settled, ProbeSize.FULL),
        farthestOfLost(settled, ProbeSize.SMALL, timing),
        farthestOfLost(settled, ProbeSize.FULL, timing),
        sendError);
  }

  /**
   * An outage that is over is no loss: once enough came through after it, what it lost does not
   * count, also while it leaves the window, when it is no row any more. What was lost before and
   * after it does: a path that loses much loses some in a row as well.
   */
  private static void markOutages(List<Sent> newestFirst, ProbeTiming timing) {
    for (ProbeSize size : ProbeSize.values()) {
      List<Sent> row = new ArrayList<>();
      int newer = 0;
      int before = 0;
      for (Sent probe : newestFirst) {
        if (probe.size == size) {
          if (probe.acknowledged) {
            row.clear();
          } else {
            before = row.isEmpty() ? newer : before;
            row.add(probe);
            if (row.size() >= timing.brokenAfter() && before >= ENOUGH) {
              markOutage(newestFirst, row, timing);
            }
          }
        }
        newer++;
      }
    }
  }

  /** With the probes of the other size that went out at the same time. */
  private static void markOutage(List<Sent> newestFirst, List<Sent> row, ProbeTiming timing) {
    long begin = row.getLast().at - timing.interval().toNanos();
    long end = row.getFirst().at + timing.interval().toNanos();
    newestFirst.stream()
        .filter(probe -> probe.at - begin >= 0 && probe.at - end <= 0)
        .forEach(probe -> probe.ofOutage = true);
  }

  private static int lostInARow(List<Sent> newestFirst, ProbeSize size) {
    int row = 0;
    for (Sent probe : newestFirst) {
      if (probe.size == size) {
        if (probe.acknowledged) {
          return row;
        }
        row++;
      }
    }
    return row;
  }

  private static Optional<PathTap> farthestOfLost(
      List<Sent> newestFirst, ProbeSize size, ProbeTiming timing) {
    return newestFirst.stream()
        .filter(probe -> probe.size == size && !probe.acknowledged)
        .limit(timing.brokenAfter())
        .flatMap(probe -> probe.farthest.stream())
        .max(PathTap::compareTo);
  }

  /**
   * What is known of the probes within the window.
   *
   * @param settled probes that arrived or whose deadline passed, but for those an outage took
   * @param lost those of them that nobody acknowledged
   * @param smallLostInARow how many of the newest small ones were lost without a break
   * @param fullLostInARow the same for full-size ones
   * @param smallSeen the farthest tap that saw one of the newest lost small ones
   * @param fullSeen the same for full-size ones
   * @param sendError why the kernel did not take the newest probe
   */
  public record Fate(
      int settled,
      int lost,
      int smallLostInARow,
      int fullLostInARow,
      Optional<PathTap> smallSeen,
      Optional<PathTap> fullSeen,
      Optional<String> sendError) {
    public Fate {
      if (lost > settled) {
        throw new IllegalArgumentException("more lost than settled");
      }
    }
  }
}
