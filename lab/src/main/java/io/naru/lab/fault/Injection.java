package io.naru.lab.fault;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What makes a fault stand, and what ends it.
 *
 * @param pauses nodes whose agents would repair it and must be paused before
 * @param claims what it alters; no two that stand at once may alter the same
 * @param steps in order; they may end anywhere
 * @param undo takes all of it back, however much was done, also if it is done twice
 * @param counters of the packets that met it
 */
public record Injection(
    Set<String> pauses,
    Set<String> claims,
    List<Step> steps,
    List<Step> undo,
    List<HitCounter> counters) {
  private static final Injection NOTHING =
      new Injection(Set.of(), Set.of(), List.of(), List.of(), List.of());

  public Injection {
    pauses = Set.copyOf(pauses);
    claims = Set.copyOf(claims);
    steps = List.copyOf(steps);
    undo = List.copyOf(undo);
    counters = List.copyOf(counters);
  }

  /** Changes nothing. */
  public static Injection nothing() {
    return NOTHING;
  }

  /** Rules, and nothing else. */
  static Injection of(RuleTable table) {
    return NOTHING.and(table);
  }

  static Injection all(List<Injection> parts) {
    return parts.stream().reduce(NOTHING, Injection::and);
  }

  Injection and(Injection more) {
    return new Injection(
        union(pauses, more.pauses),
        union(claims, more.claims),
        joined(steps, more.steps),
        joined(more.undo, undo),
        joined(counters, more.counters));
  }

  /** Adds rules that count. */
  Injection and(RuleTable table) {
    return and(
        new Injection(
            Set.of(),
            Set.of(table.target() + " " + table.family() + " " + table.name()),
            List.of(table.add()),
            List.of(table.remove()),
            List.of(table.counter())));
  }

  /** Adds a step and its opposite. */
  Injection and(Step step, Step opposite) {
    return and(new Injection(Set.of(), Set.of(), List.of(step), List.of(opposite), List.of()));
  }

  /** Says what it alters, beside its own rules. */
  Injection altering(String claim) {
    return and(new Injection(Set.of(), Set.of(claim), List.of(), List.of(), List.of()));
  }

  Injection pausing(String node) {
    return and(new Injection(Set.of(node), Set.of(), List.of(), List.of(), List.of()));
  }

  private static <T> List<T> joined(List<T> first, List<T> second) {
    return Stream.concat(first.stream(), second.stream()).toList();
  }

  private static Set<String> union(Set<String> first, Set<String> second) {
    Set<String> union = new LinkedHashSet<>(first);
    union.addAll(second);
    return union;
  }
}
