package io.naru.core.trace;

/** What became of a trace's probes. */
public enum Outcome {
  /** All were answered. */
  ANSWERED("answered", 0),
  /** The destination itself refused them: the path works, and nobody listens. */
  REFUSED("refused", 0),
  /** Some were answered. */
  PARTLY_LOST("partly-lost", 1),
  /** Somebody on the way refused them. */
  REJECTED("rejected", 1),
  /** They were lost on the way there, or their answers on the way back. */
  LOST("lost", 1),
  /** The kernel of the sender did not take them. */
  NOT_SENT("not-sent", 1),
  /** They reached the destination, which did not answer. */
  DELIVERED("delivered", 2);

  private final String text;
  private final int exitCode;

  Outcome(String text, int exitCode) {
    this.text = text;
    this.exitCode = exitCode;
  }

  /** 0 the path works, 1 it does not, 2 it works one way and more is not known. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public String toString() {
    return text;
  }
}
