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

  /** How grave, for an order: trouble before doubt, broken before degraded; 0 is none. */
  public int gravity() {
    return switch (this) {
      case HEALTHY -> 0;
      case UNKNOWN -> 1;
      case DEGRADED -> 2;
      case BROKEN -> 3;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
