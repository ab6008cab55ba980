package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Finding;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.Tally;
import io.naru.doctor.compare.TrafficKind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Puts together what captures prove and what firewalls' rules say. */
public final class Conclusions {
  /** Of these, which look at the same packets, the first that fits speaks. */
  private static final List<DirectionRule> LOSSES =
      List.of(new TunnelBlocked(), new LargePacketsLost(), new SomeLost());

  /** Each of these speaks for itself. */
  private static final List<DirectionRule> OTHERS =
      List.of(new DirectRefused(), new ArrivedUnusable());

  private final List<AuditReport> audits;
  private final Set<Finding> used = new HashSet<>();

  private Conclusions(List<AuditReport> audits) {
    this.audits = audits;
  }

  /**
   * The report.
   *
   * @param notExamined what could not be looked at before, a sentence each
   */
  public static DoctorReport report(
      List<Comparison> comparisons, List<AuditReport> audits, List<String> notExamined) {
    Conclusions conclusions = new Conclusions(audits);
    List<Verdict> verdicts = new ArrayList<>(conclusions.fromCaptures(comparisons));
    Set<String> examined = new LinkedHashSet<>();
    Set<String> open = new LinkedHashSet<>(notExamined);
    boolean any = !audits.isEmpty();
    Set<Integer> passing = new HashSet<>();
    for (Comparison comparison : comparisons) {
      boolean traffic = false;
      for (Direction direction : Direction.of(comparison)) {
        traffic |= examined(direction, examined);
        if (direction.tunnel().arrived() > 0 && direction.tunnel().missing() == 0) {
          passing.addAll(direction.there().tunnelPorts());
        }
      }
      if (!traffic) {
        open.add(
            comparison.first().node()
                + " and "
                + comparison.second().node()
                + ": the captures show no packet of pods between them; capture while pods talk");
      }
      any |= traffic;
      if (verdicts.isEmpty()) {
        open.addAll(comparison.notes());
      }
    }
    for (AuditReport audit : audits) {
      examined.addAll(audit.open());
      if (audit.findings().stream().noneMatch(conclusions.used::contains)) {
        audit.assumed().forEach(each -> open.add("taken to be so: " + each));
      }
      open.addAll(audit.notChecked());
      for (Finding finding : audit.findings()) {
        if (!conclusions.used.contains(finding)) {
          conclusions.fromAudit(finding, passing, verdicts, open);
        }
      }
    }
    return new DoctorReport(
        verdicts.isEmpty() && any, verdicts, List.copyOf(examined), List.copyOf(open));
  }

  private static boolean examined(Direction direction, Set<String> examined) {
    boolean traffic = false;
    for (TrafficKind kind : List.of(TrafficKind.TUNNEL, TrafficKind.POD)) {
      Tally tally = direction.there().of(kind);
      traffic |= !tally.isEmpty();
      if (!tally.isEmpty() && tally.missing() == 0) {
        examined.add(direction.counts(tally, "packets (" + kind + ")"));
      }
    }
    return traffic;
  }

  private List<Verdict> fromCaptures(List<Comparison> comparisons) {
    Map<String, List<Symptom>> byFault = new LinkedHashMap<>();
    for (Comparison comparison : comparisons) {
      for (Direction direction : Direction.of(comparison)) {
        List<Symptom> symptoms = new ArrayList<>();
        LOSSES.stream()
            .map(rule -> rule.symptom(direction))
            .flatMap(Optional::stream)
            .findFirst()
            .ifPresent(symptoms::add);
        OTHERS.forEach(rule -> rule.symptom(direction).ifPresent(symptoms::add));
        symptoms.forEach(
            each ->
                byFault
                    .computeIfAbsent(each.fault(), _ -> new ArrayList<>())
                    .add(withAudits(each)));
      }
    }
    return byFault.values().stream().map(Symptom::merged).toList();
  }

  /** A closed port's verdict with what the rules that close it say. */
  private Symptom withAudits(Symptom symptom) {
    if (symptom.tunnelPort() == 0) {
      return symptom;
    }
    List<String> evidence = new ArrayList<>(symptom.evidence());
    List<String> ruledOut = new ArrayList<>(symptom.ruledOut());
    List<Remedy> remedies = new ArrayList<>();
    List<String> notChecked = new ArrayList<>(symptom.notChecked());
    for (AuditReport audit : audits) {
      List<Finding> findings =
          audit.findings().stream()
              .filter(
                  each ->
                      each.need().port() == symptom.tunnelPort()
                          && each.need().protocol().equals("udp"))
              .toList();
      for (Finding finding : findings) {
        evidence.add(finding.title());
        evidence.addAll(finding.evidence());
        remedies.addAll(finding.remedy());
        used.add(finding);
      }
      if (findings.isEmpty()) {
        ruledOut.addAll(audit.open());
      }
      audit.assumed().forEach(each -> notChecked.add("taken to be so: " + each));
    }
    // What to open exactly makes the general advice needless.
    symptom.remedy().stream()
        .skip(remedies.isEmpty() || symptom.remedy().size() < 2 ? 0 : 1)
        .forEach(remedies::add);
    return new Symptom(
        symptom.fault(),
        symptom.state(),
        symptom.title(),
        symptom.pair(),
        symptom.lastSeen(),
        symptom.notSeen(),
        symptom.certainty(),
        evidence,
        ruledOut,
        notChecked,
        remedies,
        symptom.tunnelPort());
  }

  private void fromAudit(
      Finding finding, Set<Integer> passing, List<Verdict> verdicts, Set<String> open) {
    if (finding.need().protocol().equals("udp") && passing.contains(finding.need().port())) {
      open.add(finding.title() + "; yet the captures show such packets arrive");
      return;
    }
    verdicts.add(
        new Verdict(
            finding.code(),
            "underlay-port-blocked",
            finding.need().carriesPods() ? PathState.BROKEN : PathState.DEGRADED,
            finding.title(),
            List.of(new NodePair(finding.from(), finding.to())),
            Optional.empty(),
            Optional.empty(),
            Certainty.INFERRED,
            finding.evidence(),
            List.of(),
            finding.certain()
                ? List.of("whether packets really are lost: that takes captures of two nodes")
                : List.of(
                    "whether packets really are lost: that takes captures of two nodes",
                    "what the rules leave to circumstances that the file does not tell"),
            finding.remedy()));
  }
}
