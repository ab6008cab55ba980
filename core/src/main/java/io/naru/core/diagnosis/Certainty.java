package io.naru.core.diagnosis;

/** How a verdict's cause is known. */
public enum Certainty {
  /** Something saw it happen: a tap, a counter, a trace, a comparison. */
  OBSERVED("observed"),
  /** It is what remains when everything that was looked at is ruled out. */
  INFERRED("inferred");

  private final String text;

  Certainty(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
