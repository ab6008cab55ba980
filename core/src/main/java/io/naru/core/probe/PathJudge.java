package io.naru.core.probe;

import io.naru.core.path.PathId;
import io.naru.core.path.PathNotice;
import io.naru.core.path.PathState;
import java.util.List;
import java.util.Optional;

/**
 * The rules by which either end of a path judges it. Pure: the same observations, the same word.
 */
public final class PathJudge {
  private PathJudge() {}

  /** The word of the sending end. */
  public static PathVerdict outgoing(
      PathId path, SentProbes.Fate fate, OtherEnd other, int fullSize, ProbeTiming timing) {
    return told(judgedBySender(path, fate, other, fullSize, timing), other);
  }

  /** A closed channel is said by name, also where the path itself is well. */
  private static PathVerdict told(PathVerdict verdict, OtherEnd other) {
    return verdict.because(verdict.reason() + other.channelClause());
  }

  private static PathVerdict judgedBySender(
      PathId path, SentProbes.Fate fate, OtherEnd other, int fullSize, ProbeTiming timing) {
    // Where the other end has no way to speak now, its word may still come through the store.
    int patience = other.speaks() ? timing.brokenAfter() : 2 * timing.brokenAfter();
    if (fate.smallLostInARow() >= patience) {
      return unacknowledged(path, fate, other);
    }
    if (fate.settled() == 0) {
      return PathVerdict.of(PathState.UNKNOWN, "not probed yet");
    }
    if (fate.fullLostInARow() >= patience) {
      return lost(
              path,
              PathState.DEGRADED,
              "small packets pass, packets of " + fullSize + " bytes do not",
              fate.fullSeen(),
              other)
          .ofLargeOnly();
    }
    // Two in a window may be the noise of a busy machine; a twentieth of all is not.
    if (fate.lost() > 2 && fate.lost() * 20 >= fate.settled()) {
      int percent = Math.round(100f * fate.lost() / fate.settled());
      Optional<PathTap> seen = fate.smallSeen().isPresent() ? fate.smallSeen() : fate.fullSeen();
      return lost(path, PathState.DEGRADED, "loses " + percent + " % of the probes", seen, other);
    }
    return PathVerdict.of(PathState.HEALTHY, "probes of both sizes arrive");
  }

  private static PathVerdict unacknowledged(PathId path, SentProbes.Fate fate, OtherEnd other) {
    if (fate.sendError().isPresent()) {
      Optional<PathTap> first = Optional.of(PathTap.on(path.transport()).getFirst());
      String reason = "this node's kernel does not send them: " + fate.sendError().get();
      return PathVerdict.of(PathState.BROKEN, reason).between(Optional.empty(), first);
    }
    Optional<PathNotice> notice = other.notice();
    if (notice.isPresent()
        && (notice.get().state() == PathState.HEALTHY
            || notice.get().state() == PathState.DEGRADED)) {
      return PathVerdict.of(
          notice.get().state(), "probes arrive, says " + path.to() + " through the store");
    }
    if (other.speaks()) {
      return lost(
          path, PathState.BROKEN, "no probe arrives at " + path.to(), fate.smallSeen(), other);
    }
    return switch (other.channel()) {
      case SILENT ->
          lost(
              path,
              PathState.BROKEN,
              "nothing passes to " + path.to() + ", which may be down",
              fate.smallSeen(),
              other);
      case OPEN, UNTRIED, REFUSED, NOT_AUTHENTICATED ->
          lost(path, PathState.UNKNOWN, "nobody acknowledges the probes", fate.smallSeen(), other);
    };
  }

  /** A verdict with its place; where the other end cannot be asked, no place there is named. */
  private static PathVerdict lost(
      PathId path, PathState state, String reason, Optional<PathTap> seen, OtherEnd other) {
    Optional<PathTap> farthest = seen;
    for (String place : other.notice().flatMap(PathNotice::lastSeen).stream().toList()) {
      Optional<PathTap> told = tapNamed(path, place);
      if (told.isPresent() && farthest.map(f -> f.compareTo(told.get()) < 0).orElse(true)) {
        farthest = told;
      }
    }
    if (farthest.isEmpty()) {
      return PathVerdict.of(state, reason);
    }
    Optional<PathTap> next = farthest.get().next(path.transport());
    boolean told =
        next.isPresent() && (next.get().isAtSender() || other.watching() || other.speaks());
    return PathVerdict.of(state, reason).between(farthest, told ? next : Optional.empty());
  }

  /**
   * The word of the receiving end.
   *
   * @param watching whether this end's taps are open: what they did not see, was not there
   */
  public static PathVerdict incoming(
      PathId path,
      ReceivedProbes.Arrivals arrivals,
      OtherEnd other,
      boolean watching,
      int fullSize) {
    PathVerdict verdict = judgedByReceiver(path, arrivals, other, fullSize);
    return told(
        switch (verdict.state()) {
          case HEALTHY, UNKNOWN -> verdict;
          case DEGRADED, BROKEN -> placed(verdict, path, arrivals, other, watching);
        },
        other);
  }

  /** Names the place as far as this end knows it: its own taps, and what the sender says. */
  private static PathVerdict placed(
      PathVerdict verdict,
      PathId path,
      ReceivedProbes.Arrivals arrivals,
      OtherEnd other,
      boolean watching) {
    Optional<PathTap> seen =
        verdict.state() == PathState.BROKEN ? arrivals.farthest() : Optional.empty();
    if (seen.isPresent()) {
      return verdict.between(seen, seen.get().next(path.transport()));
    }
    Optional<PathTap> told =
        other.notice().flatMap(PathNotice::lastSeen).flatMap(place -> tapNamed(path, place));
    // Where the sender says that they do not even leave it, that is the place.
    Optional<PathTap> beforeUs =
        told.flatMap(tap -> tap.next(path.transport())).filter(PathTap::isAtSender);
    Optional<PathTap> missing =
        watching && verdict.state() == PathState.BROKEN
            ? beforeUs.or(() -> Optional.of(PathTap.RECEIVER_NIC))
            : Optional.empty();
    return verdict.between(told, missing);
  }

  private static PathVerdict judgedByReceiver(
      PathId path, ReceivedProbes.Arrivals arrivals, OtherEnd other, int fullSize) {
    if (arrivals.small() && arrivals.full()) {
      return PathVerdict.of(PathState.HEALTHY, "probes of both sizes arrive");
    }
    if (!arrivals.settled()) {
      return PathVerdict.of(PathState.UNKNOWN, "not watched long enough yet");
    }
    if (arrivals.small()) {
      return PathVerdict.of(
              PathState.DEGRADED, "small packets arrive, packets of " + fullSize + " bytes do not")
          .ofLargeOnly();
    }
    String reason = "no probe arrives from " + path.from();
    if (other.channel() == ChannelState.OPEN || other.notice().isPresent()) {
      return PathVerdict.of(PathState.BROKEN, reason);
    }
    return switch (other.channel()) {
      case SILENT -> PathVerdict.of(PathState.BROKEN, reason + ", which may be down");
      case OPEN, UNTRIED, REFUSED, NOT_AUTHENTICATED ->
          PathVerdict.of(PathState.UNKNOWN, reason + ", perhaps it sends none");
    };
  }

  private static Optional<PathTap> tapNamed(PathId path, String place) {
    List<PathTap> way = PathTap.on(path.transport());
    return way.stream().filter(tap -> tap.on(path).equals(place)).findFirst();
  }
}
