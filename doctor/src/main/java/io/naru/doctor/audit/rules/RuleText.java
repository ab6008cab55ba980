package io.naru.doctor.audit.rules;

/** A rule as a report shows it. */
final class RuleText {
  private static final int LONGEST = 160;

  private RuleText() {}

  /** Without what moves a terminal's cursor, and not too long. */
  static String of(String text) {
    String clean = text.replaceAll("\\p{C}", "?").strip();
    return clean.length() > LONGEST ? clean.substring(0, LONGEST) + "…" : clean;
  }
}
