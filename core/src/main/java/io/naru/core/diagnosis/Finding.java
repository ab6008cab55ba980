package io.naru.core.diagnosis;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a rule makes of a case.
 *
 * @param fault the cause's name
 * @param cause what makes two cases the same trouble: all that have it are one verdict
 * @param title the fact, in one line; it may name the first pair alone
 * @param remedy what to do about it
 * @param place the taps before and behind the loss, where the rule knows better than the probes
 */
public record Finding(
    String fault,
    String cause,
    String title,
    Certainty certainty,
    List<String> evidence,
    List<String> ruledOut,
    List<String> notChecked,
    List<Remedy> remedy,
    Optional<Place> place) {
  /**
   * Where packets get lost.
   *
   * @param lastSeen a tap that sees them
   * @param notSeen the next one, which does not
   */
  public record Place(String lastSeen, String notSeen) {}

  public Finding {
    evidence = List.copyOf(evidence);
    ruledOut = List.copyOf(ruledOut);
    notChecked = List.copyOf(notChecked);
    remedy = List.copyOf(remedy);
  }

  /** Whether the cause has a name, or only a place. */
  public boolean hasCause() {
    return !fault.equals(Verdict.UNEXPLAINED);
  }

  /** With the place that the probes found. */
  public Finding(
      String fault,
      String cause,
      String title,
      Certainty certainty,
      List<String> evidence,
      List<String> ruledOut,
      List<String> notChecked,
      List<Remedy> remedy) {
    this(fault, cause, title, certainty, evidence, ruledOut, notChecked, remedy, Optional.empty());
  }

  /** The same, with more lines of evidence, and of what was not checked. */
  public Finding seenAlso(List<String> more, List<String> unchecked) {
    return new Finding(
        fault,
        cause,
        title,
        certainty,
        Stream.concat(evidence.stream(), more.stream()).toList(),
        ruledOut,
        Stream.concat(notChecked.stream(), unchecked.stream()).toList(),
        remedy,
        place);
  }

  /** The same, lost between these taps. */
  public Finding between(String lastSeen, String notSeen) {
    return new Finding(
        fault,
        cause,
        title,
        certainty,
        evidence,
        ruledOut,
        notChecked,
        remedy,
        Optional.of(new Place(lastSeen, notSeen)));
  }
}
