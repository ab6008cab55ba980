package io.naru.core.diagnosis;

import io.naru.core.path.PathState;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the doctor says of one cause, with all the pairs of nodes that it breaks.
 *
 * @param code stable, like {@code NARU-UNDERLAY-PORT-BLOCKED}; {@code naru explain} knows it
 * @param fault the cause's name, like {@code underlay-port-blocked}, or {@code unexplained}
 * @param state how bad it is for the pairs
 * @param title the fact, in one line
 * @param pairs the directions that it concerns, in order
 * @param lastSeen the farthest tap where the packets were seen, like {@code node1/nic}
 * @param notSeen the next one, where they were not
 * @param evidence what was observed, a sentence each
 * @param ruledOut other causes, each with the observation that rules it out
 * @param notChecked what nobody looked at, and why
 */
public record Verdict(
    String code,
    String fault,
    PathState state,
    String title,
    List<NodePair> pairs,
    Optional<String> lastSeen,
    Optional<String> notSeen,
    Certainty certainty,
    List<String> evidence,
    List<String> ruledOut,
    List<String> notChecked,
    List<Remedy> remedy) {
  /** The fault of a verdict that only says where. */
  public static final String UNEXPLAINED = "unexplained";

  public Verdict {
    Objects.requireNonNull(state, "state is missing");
    Objects.requireNonNull(certainty, "certainty is missing");
    pairs = List.copyOf(pairs);
    evidence = List.copyOf(evidence);
    ruledOut = List.copyOf(ruledOut);
    notChecked = List.copyOf(notChecked);
    remedy = List.copyOf(remedy);
  }

  /** The same where somebody asked for the other direction: what is blocked is the answers' way. */
  Verdict ofTheWayBack() {
    if (!fault.equals("underlay-port-blocked")) {
      return this;
    }
    return new Verdict(
        code("underlay-return-blocked"),
        "underlay-return-blocked",
        state,
        title,
        pairs,
        lastSeen,
        notSeen,
        certainty,
        evidence,
        ruledOut,
        notChecked,
        remedy);
  }

  /** The same packets lost at the same place, with the cause that was found for it. */
  public Verdict explained(Finding finding) {
    return new Verdict(
        code(finding.fault()),
        finding.fault(),
        state,
        finding.title(),
        pairs,
        lastSeen,
        notSeen,
        finding.certainty(),
        Stream.concat(evidence.stream(), finding.evidence().stream()).toList(),
        Stream.concat(ruledOut.stream(), finding.ruledOut().stream()).toList(),
        finding.notChecked(),
        finding.remedy());
  }

  /** The same with more lines of evidence, and of what is ruled out. */
  public Verdict and(List<String> moreEvidence, List<String> moreRuledOut) {
    return new Verdict(
        code,
        fault,
        state,
        title,
        pairs,
        lastSeen,
        notSeen,
        certainty,
        Stream.concat(evidence.stream(), moreEvidence.stream()).toList(),
        Stream.concat(ruledOut.stream(), moreRuledOut.stream()).toList(),
        notChecked,
        remedy);
  }

  /** The stable code of a fault, which {@code naru explain} knows. */
  public static String code(String fault) {
    assert Explanation.find(fault).isPresent() : fault + " lacks an explanation";
    return "NARU-" + fault.toUpperCase(Locale.ROOT);
  }

  /** Whether the cause has a name, or only a place. */
  public boolean hasCause() {
    return !fault.equals(UNEXPLAINED);
  }
}
