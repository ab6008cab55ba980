package io.naru.doctor.compare;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;

/** Compares two captures of one path. */
public final class CaptureComparison {
  /** Clocks that differ by more than this, with no packet in common, make a comparison a guess. */
  private static final long CLOCKS_APART = 60_000_000_000L;

  private CaptureComparison() {}

  /**
   * Compares.
   *
   * @throws NaruException BAD_INPUT where the captures do not tell which node is whose, or were not
   *     taken at the same time
   */
  public static Comparison compare(
      CaptureSummary first, CaptureSummary second, ComparisonOptions options) {
    if (first.packets() == 0 && second.packets() == 0) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          first.name()
              + " and "
              + second.name()
              + " hold no packet; capture while pods of both nodes talk to each other");
    }
    NodeEnds ends = NodeEnds.find(first, second, options);
    requireKnown(first, ends.first(), second);
    requireKnown(second, ends.second(), first);
    Set<IpAddress> one = ends.first().addresses();
    Set<IpAddress> two = ends.second().addresses();
    DirectionAnalysis there = new DirectionAnalysis(first, one, second, two, options);
    DirectionAnalysis back = new DirectionAnalysis(second, two, first, one, options);
    OptionalLong offset = offset(there.delays(), back.delays());
    requireSameTime(first, second, offset);
    return new Comparison(
        side(first, ends.first()),
        side(second, ends.second()),
        offset,
        List.of(
            there.result(offset),
            back.result(
                offset.isPresent() ? OptionalLong.of(-offset.getAsLong()) : OptionalLong.empty())),
        notes(first, second, offset));
  }

  private static void requireKnown(
      CaptureSummary side, NodeEnds.Known known, CaptureSummary other) {
    if (known.addresses().isEmpty()) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          "the captures do not tell which address is "
              + side.name()
              + "'s"
              + (side.packets() == 0 ? " (its own holds no packet)" : "")
              + "; say it with --address "
              + side.name()
              + "=ADDRESS, and perhaps "
              + other.name()
              + "'s too");
    }
  }

  private static Comparison.Side side(CaptureSummary capture, NodeEnds.Known known) {
    long length =
        capture.first().isPresent() && capture.last().isPresent()
            ? (capture.last().getAsLong() - capture.first().getAsLong()) / 1_000_000
            : 0;
    return new Comparison.Side(
        capture.name(),
        known.addresses().stream().sorted().toList(),
        known.how(),
        capture.packets(),
        length);
  }

  /** How far the second clock is ahead: the middle of all that the packets of both show. */
  private static OptionalLong offset(List<Long> there, List<Long> back) {
    List<Long> ahead = new ArrayList<>(there);
    back.forEach(delay -> ahead.add(-delay));
    if (ahead.isEmpty()) {
      return OptionalLong.empty();
    }
    ahead.sort(null);
    return OptionalLong.of(ahead.get(ahead.size() / 2));
  }

  private static void requireSameTime(
      CaptureSummary first, CaptureSummary second, OptionalLong offset) {
    if (offset.isPresent()
        || first.first().isEmpty()
        || first.last().isEmpty()
        || second.first().isEmpty()
        || second.last().isEmpty()) {
      return;
    }
    long gap =
        Math.max(
            second.first().getAsLong() - first.last().getAsLong(),
            first.first().getAsLong() - second.last().getAsLong());
    if (gap > CLOCKS_APART) {
      throw new NaruException(
          ErrorCode.BAD_INPUT,
          first.name()
              + " and "
              + second.name()
              + " have no packet in common and were taken "
              + gap / 1_000_000_000
              + " s apart by their clocks; take both at the same time");
    }
  }

  private static List<String> notes(
      CaptureSummary first, CaptureSummary second, OptionalLong offset) {
    List<String> notes = new ArrayList<>(first.notes());
    notes.addAll(second.notes());
    for (CaptureSummary side : List.of(first, second)) {
      if (side.packets() == 0) {
        notes.add(
            side.name()
                + ": the capture is empty, so nothing in it shows that it was running meanwhile");
      } else if (side.first().isEmpty()) {
        notes.add(side.name() + ": the capture has no times, so all of it was compared");
      }
    }
    if (offset.isEmpty() && first.packets() > 0 && second.packets() > 0) {
      notes.add("no packet is in both captures, so their clocks were taken to agree");
    }
    return notes;
  }
}
