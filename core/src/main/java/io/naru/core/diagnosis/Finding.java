package io.naru.core.diagnosis;

import java.util.List;

/**
 * What a rule makes of a case.
 *
 * @param fault the cause's name
 * @param cause what makes two cases the same trouble: all that have it are one verdict
 * @param title the fact, in one line; it may name the first pair alone
 * @param remedy what to do about it
 */
public record Finding(
    String fault,
    String cause,
    String title,
    Certainty certainty,
    List<String> evidence,
    List<String> ruledOut,
    List<String> notChecked,
    List<Remedy> remedy) {
  public Finding {
    evidence = List.copyOf(evidence);
    ruledOut = List.copyOf(ruledOut);
    notChecked = List.copyOf(notChecked);
    remedy = List.copyOf(remedy);
  }
}
