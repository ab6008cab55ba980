package io.naru.core.path;

/** What is known of a path. */
public enum PathState {
  HEALTHY("healthy"),
  /** Some probes arrive: part of them is lost, or only small ones pass. */
  DEGRADED("degraded"),
  BROKEN("broken"),
  /** Nothing was observed that would decide it. */
  UNKNOWN("unknown");

  private final String text;

  PathState(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
