package io.naru.doctor.verdict;

import io.naru.core.diagnosis.Certainty;
import io.naru.core.diagnosis.NodePair;
import io.naru.core.diagnosis.Remedy;
import io.naru.core.diagnosis.Verdict;
import io.naru.core.path.PathState;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What a rule found on one direction.
 *
 * @param fault as in the table of faults, or {@link Verdict#UNEXPLAINED}
 * @param tunnelPort UDP port that the tunnel uses, or 0 where the fault is not about it
 */
record Symptom(
    String fault,
    PathState state,
    String title,
    NodePair pair,
    String lastSeen,
    String notSeen,
    Certainty certainty,
    List<String> evidence,
    List<String> ruledOut,
    List<String> notChecked,
    List<Remedy> remedy,
    int tunnelPort) {
  /** One verdict for all symptoms of a fault. */
  static Verdict merged(List<Symptom> same) {
    Symptom first = same.getFirst();
    Set<String> evidence = new LinkedHashSet<>();
    Set<String> ruledOut = new LinkedHashSet<>();
    Set<String> notChecked = new LinkedHashSet<>();
    Set<Remedy> remedy = new LinkedHashSet<>();
    List<NodePair> pairs = new ArrayList<>();
    for (Symptom each : same) {
      pairs.add(each.pair);
      evidence.addAll(each.evidence);
      ruledOut.addAll(each.ruledOut);
      notChecked.addAll(each.notChecked);
      remedy.addAll(each.remedy);
    }
    String more =
        same.size() > 1 ? "; and " + (same.size() == 2 ? same.get(1).pair : "other pairs") : "";
    return new Verdict(
        Verdict.code(first.fault),
        first.fault,
        first.state,
        first.title + more,
        pairs,
        Optional.of(first.lastSeen),
        Optional.of(first.notSeen),
        same.stream().allMatch(each -> each.certainty == Certainty.OBSERVED)
            ? Certainty.OBSERVED
            : Certainty.INFERRED,
        List.copyOf(evidence),
        List.copyOf(ruledOut),
        List.copyOf(notChecked),
        List.copyOf(remedy));
  }
}
