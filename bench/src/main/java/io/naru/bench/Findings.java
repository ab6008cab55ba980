package io.naru.bench;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Verdict;
import io.naru.lab.fault.Expectation;
import io.naru.lab.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How often the doctor told the right place and the right name. What is right the lab's faults
 * state by hand.
 */
final class Findings {
  /** Seconds from the command to its end. */
  private static final double LONGEST = 5;

  /**
   * A fault that stands.
   *
   * @param direction whose packets it is about
   */
  record Injected(Fault fault, NodePair direction) {
    boolean isLocated(DoctorReport report) {
      return report.verdicts().stream().anyMatch(v -> isPlace(v, fault, direction));
    }

    boolean isNamed(DoctorReport report) {
      return report.verdicts().stream()
          .filter(verdict -> isPlace(verdict, fault, direction))
          .anyMatch(verdict -> isName(verdict, fault));
    }

    @Override
    public String toString() {
      return fault.id() + " " + direction;
    }
  }

  /** A fault's runs. */
  private static final class Tally {
    int runs;
    int located;
    int named;
  }

  private final Map<String, Tally> faults = new TreeMap<>();
  private final List<String> misses = new ArrayList<>();
  private final List<Double> seconds = new ArrayList<>();
  private int together;
  private int togetherLocated;
  private int togetherNamed;
  private int healthyRuns;
  private int alarms;

  /**
   * Takes over what was said while a fault stood.
   *
   * @param took seconds from the command to its end
   */
  void add(Fault fault, NodePair direction, DoctorReport report, double took) {
    seconds.add(took);
    Tally tally = faults.computeIfAbsent(fault.id(), id -> new Tally());
    Injected injected = new Injected(fault, direction);
    boolean located = injected.isLocated(report);
    boolean named = injected.isNamed(report);
    tally.runs++;
    tally.located += located ? 1 : 0;
    tally.named += named ? 1 : 0;
    if (!located || !named || report.verdicts().size() > 1) {
      misses.add(injected + ": " + summary(report));
    }
  }

  /** Takes over what was said while these stood at the same time. */
  void addTogether(List<Injected> injected, DoctorReport report) {
    together++;
    boolean named = injected.stream().allMatch(each -> each.isNamed(report));
    togetherLocated += injected.stream().allMatch(each -> each.isLocated(report)) ? 1 : 0;
    togetherNamed += named ? 1 : 0;
    if (!named || report.verdicts().size() != injected.size()) {
      misses.add(
          injected.stream().map(Injected::toString).collect(Collectors.joining(" and "))
              + ": "
              + summary(report));
    }
  }

  /** Takes over what was said while all was well. */
  void addHealthy(DoctorReport report) {
    healthyRuns++;
    if (!report.healthy()) {
      alarms++;
      misses.add("all well: " + summary(report));
    }
  }

  private static String summary(DoctorReport report) {
    List<String> said =
        report.verdicts().stream()
            .map(v -> v.fault() + " " + v.lastSeen() + " " + v.notSeen() + " " + v.pairs())
            .toList();
    return said.isEmpty() ? "nothing was found" : String.join("; ", said);
  }

  /** Whether the verdict says where the fault's own table does, of one of its ways. */
  static boolean isPlace(Verdict verdict, Fault fault, NodePair direction) {
    return fault.expected().stream()
        .anyMatch(
            expected -> {
              NodePair way = expected.way().of(direction);
              return verdict.pairs().contains(way)
                  && isTap(expected, verdict.lastSeen(), expected.lastSeen().map(t -> t.on(way)))
                  && isTap(expected, verdict.notSeen(), expected.notSeen().map(t -> t.on(way)));
            });
  }

  private static boolean isTap(
      Expectation expected, Optional<String> said, Optional<String> stated) {
    return expected.lastSeen().isEmpty() || said.equals(stated);
  }

  /**
   * Whether the verdict names the fault. A port that is blocked from B to A is the same rule
   * whether somebody calls it the way there or the way back of A's packets.
   */
  static boolean isName(Verdict verdict, Fault fault) {
    return verdict.fault().equals(fault.id())
        || fault.id().equals("underlay-return-blocked")
            && verdict.fault().equals("underlay-port-blocked");
  }

  private static int percent(int part, int all) {
    return all == 0 ? 0 : part * 100 / all;
  }

  /** The goals, the faults one by one, and everything that was missed. */
  List<String> lines() {
    int runs = faults.values().stream().mapToInt(tally -> tally.runs).sum();
    int located = faults.values().stream().mapToInt(tally -> tally.located).sum();
    int named = faults.values().stream().mapToInt(tally -> tally.named).sum();
    List<String> lines = new ArrayList<>();
    lines.add(goal("located", located, runs, 100));
    lines.add(goal("named", named, runs, 95));
    lines.add(goal("two at once, both located", togetherLocated, together, 100));
    lines.add(goal("two at once, both named", togetherNamed, together, 95));
    double median = Rounds.median(seconds.stream().mapToDouble(Double::doubleValue).toArray());
    lines.add(
        String.format(
            Locale.ROOT,
            "%s: the median of all verdicts comes after %.2f s; the goal is at most %.2f s",
            median <= LONGEST ? "met" : "NOT MET",
            median,
            LONGEST));
    lines.add(
        "%s: %d alarms in %d runs of a healthy cluster; the goal is none"
            .formatted(alarms == 0 ? "met" : "NOT MET", alarms, healthyRuns));
    faults.forEach(
        (id, tally) ->
            lines.add(
                "%s: located %d, named %d of %d"
                    .formatted(id, tally.located, tally.named, tally.runs)));
    misses.forEach(miss -> lines.add("said of " + miss));
    return lines;
  }

  private static String goal(String what, int part, int all, int bound) {
    return String.format(
        Locale.ROOT,
        "%s: %s %d of %d, %d %%; the goal is at least %d %%",
        percent(part, all) >= bound ? "met" : "NOT MET",
        what,
        part,
        all,
        percent(part, all),
        bound);
  }
}
