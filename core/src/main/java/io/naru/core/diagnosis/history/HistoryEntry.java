package io.naru.core.diagnosis.history;

import io.naru.core.diagnosis.NodePair;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something that was found, by an agent of its own accord.
 *
 * @param since when it was first found
 * @param until when it was over; empty while it lasts
 * @param kind whether it is a verdict or a repair
 * @param code of a verdict, as {@code naru explain} knows it; of a repair, that of the drift
 * @param title the fact, in one line
 * @param pairs the directions that it concerns; empty for a repair
 * @param place where packets are lost, like {@code node1/nic ✗ node2/nic}; empty where none are
 * @param times how often it was found
 */
public record HistoryEntry(
    Instant since,
    Optional<Instant> until,
    Kind kind,
    String code,
    String title,
    List<NodePair> pairs,
    Optional<String> place,
    int times) {
  /** What an entry is about. */
  public enum Kind {
    /** Trouble that was examined. */
    VERDICT("verdict"),
    /** Drift of a kernel that an agent set right by itself. */
    REPAIR("repair");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  public HistoryEntry {
    pairs = List.copyOf(pairs);
  }

  boolean isOpen() {
    return until.isEmpty();
  }

  HistoryEntry again(List<NodePair> now) {
    return new HistoryEntry(since, until, kind, code, title, now, place, times + 1);
  }

  HistoryEntry endedAt(Instant end) {
    return new HistoryEntry(since, Optional.of(end), kind, code, title, pairs, place, times);
  }
}
