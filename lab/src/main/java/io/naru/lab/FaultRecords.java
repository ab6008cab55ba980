package io.naru.lab;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.lab.fault.Direction;
import io.naru.lab.fault.Fault;
import io.naru.lab.fault.HitCounter;
import io.naru.lab.fault.Injection;
import io.naru.lab.fault.Step;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What the lab's state says of its faults. */
record FaultRecords(LabDirectory directory) {
  /**
   * A fault that was begun, and stands unless that was cut off.
   *
   * @param undo takes back what it did beside the fabric's common table
   * @param counters beside that table
   * @param pauses nodes whose agents must not repair it
   * @param claims what it alters
   */
  record Entry(
      String fault,
      Optional<String> from,
      Optional<String> to,
      List<Step> undo,
      List<HitCounter> counters,
      List<String> pauses,
      List<String> claims) {
    Entry {
      undo = List.copyOf(undo);
      counters = List.copyOf(counters);
      pauses = List.copyOf(pauses);
      claims = List.copyOf(claims);
    }

    static Entry of(Fault fault, Direction direction, Injection injection) {
      return new Entry(
          fault.id(),
          direction.from(),
          direction.to(),
          injection.undo(),
          injection.counters(),
          sorted(injection.pauses()),
          sorted(injection.claims()));
    }

    Direction direction() {
      return new Direction(from, to);
    }
  }

  /**
   * @param standing in the order in which they were injected
   * @param paused nodes that the lab paused for them, and no user
   */
  record Entries(List<Entry> standing, List<String> paused) {
    Entries {
      standing = List.copyOf(standing);
      paused = List.copyOf(paused);
    }

    Entries with(Entry entry) {
      List<Entry> more = new ArrayList<>(standing);
      more.add(entry);
      return new Entries(more, paused);
    }

    Entries without(Collection<Entry> gone) {
      return new Entries(standing.stream().filter(entry -> !gone.contains(entry)).toList(), paused);
    }

    Entries pausing(Set<String> more) {
      Set<String> all = new TreeSet<>(paused);
      all.addAll(more);
      return new Entries(standing, List.copyOf(all));
    }

    Entries resuming(String node) {
      return new Entries(standing, paused.stream().filter(paused -> !paused.equals(node)).toList());
    }

    List<Entry> standing(String fault, Direction direction) {
      return standing.stream()
          .filter(entry -> entry.fault().equals(fault) && entry.direction().equals(direction))
          .toList();
    }

    void refuseClaimed(String fault, Set<String> claims) {
      for (Entry entry : standing) {
        if (entry.claims().stream().anyMatch(claims::contains)) {
          throw new NaruException(
              ErrorCode.CONFLICT,
              "'%s' would alter what '%s' (%s) has altered already; heal that first"
                  .formatted(fault, entry.fault(), entry.direction()));
        }
      }
    }
  }

  Entries read() {
    return LabDirectory.read(directory.faults(), Entries.class)
        .orElse(new Entries(List.of(), List.of()));
  }

  void write(Entries entries) {
    LabDirectory.write(directory.faults(), entries);
  }

  private static List<String> sorted(Collection<String> values) {
    return values.stream().sorted(Comparator.naturalOrder()).toList();
  }
}
