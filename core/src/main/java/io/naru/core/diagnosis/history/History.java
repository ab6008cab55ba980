package io.naru.core.diagnosis.history;

import io.naru.core.diagnosis.DriftTitle;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.diagnosis.history.HistoryEntry.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** The newest entries, the newest last. A value: each change makes another one. */
public record History(List<HistoryEntry> entries) {
  /** Older ones are forgotten. */
  private static final int MOST = 200;

  /** The same drift that comes again so soon is the same repair, done more than once. */
  private static final Duration SAME_REPAIR = Duration.ofMinutes(1);

  public History {
    entries = List.copyOf(entries);
  }

  public static History empty() {
    return new History(List.of());
  }

  /** With a verdict: the same one that lasts is told once, with how often it was found. */
  public History with(Verdict verdict, Instant now) {
    List<HistoryEntry> changed = new ArrayList<>(entries);
    for (int i = changed.size() - 1; i >= 0; i--) {
      HistoryEntry entry = changed.get(i);
      if (entry.isOpen()
          && entry.code().equals(verdict.code())
          && entry.pairs().stream().anyMatch(verdict.pairs()::contains)) {
        Set<NodePair> all = new TreeSet<>(entry.pairs());
        all.addAll(verdict.pairs());
        changed.set(i, entry.again(List.copyOf(all)));
        return new History(changed);
      }
    }
    Optional<String> place =
        verdict
            .lastSeen()
            .flatMap(seen -> verdict.notSeen().map(missing -> seen + " ✗ " + missing));
    changed.add(
        new HistoryEntry(
            now,
            Optional.empty(),
            Kind.VERDICT,
            verdict.code(),
            verdict.title(),
            verdict.pairs(),
            place,
            1));
    return newest(changed);
  }

  /** With the end of all verdicts of which no direction is in trouble any more. */
  public History withoutTrouble(Set<NodePair> troubled, Instant now) {
    return new History(
        entries.stream()
            .map(
                entry ->
                    entry.isOpen() && entry.pairs().stream().noneMatch(troubled::contains)
                        ? entry.endedAt(now)
                        : entry)
            .toList());
  }

  /** With drift that was set right: one entry for each kind of it. */
  public History withRepairs(String node, List<Drift> drifts, Instant now) {
    List<HistoryEntry> changed = new ArrayList<>(entries);
    for (Drift drift : drifts) {
      String code = Verdict.code(drift.fault());
      String title = DriftTitle.of(node, drift);
      int known = repaired(changed, code, title, now);
      if (known >= 0) {
        changed.set(known, changed.get(known).again(List.of()).endedAt(now));
      } else {
        changed.add(
            new HistoryEntry(
                now, Optional.of(now), Kind.REPAIR, code, title, List.of(), Optional.empty(), 1));
      }
    }
    return newest(changed);
  }

  private static int repaired(List<HistoryEntry> entries, String code, String title, Instant now) {
    for (int i = entries.size() - 1; i >= 0; i--) {
      HistoryEntry entry = entries.get(i);
      boolean recent = entry.until().filter(end -> end.isAfter(now.minus(SAME_REPAIR))).isPresent();
      if (entry.kind() == Kind.REPAIR
          && recent
          && entry.code().equals(code)
          && entry.title().equals(title)) {
        return i;
      }
    }
    return -1;
  }

  private static History newest(List<HistoryEntry> entries) {
    return new History(entries.subList(Math.max(0, entries.size() - MOST), entries.size()));
  }
}
