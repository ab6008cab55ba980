package io.naru.core.diagnosis;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * What {@code naru explain} says of a code.
 *
 * @param fault the cause's name
 * @param cause what happens to the packets, and why
 * @param evidence what shows it
 * @param cure what to do
 * @param example one as it was met
 */
public record Explanation(
    String fault, String cause, String evidence, String cure, String example) {
  /** The code, as reports print it. */
  public String code() {
    return Diagnosis.code(fault);
  }

  /** All there are, in order of their names. */
  public static List<Explanation> all() {
    return Explanations.ALL;
  }

  /** That of a code or of a fault's name, in any case of letters. */
  public static Optional<Explanation> find(String code) {
    String wanted = code.strip().toLowerCase(Locale.ROOT);
    String fault = wanted.startsWith("naru-") ? wanted.substring(5) : wanted;
    return Explanations.ALL.stream().filter(each -> each.fault().equals(fault)).findFirst();
  }
}
