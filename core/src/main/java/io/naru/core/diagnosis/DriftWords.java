package io.naru.core.diagnosis;

import io.naru.core.diagnosis.NodeEvidence.Drift;

/** What else is said of drift: what it is compared with, why nobody repairs it, and the cure. */
public final class DriftWords {
  /**
   * What is not checked where a kernel is compared with what its agent kept of the store's word.
   */
  public static final String STORE_AWAY =
      "what changed in the cluster since the agent ended: the store does not answer";

  private DriftWords() {}

  /** What the comparison found; a line that begins with a minus is there and should not be. */
  public static String compared(String node, Drift drift) {
    return drift.fault().equals("entry-surplus")
        ? "compared with the store, " + node + " has too much: " + drift.line()
        : "compared with the store, " + node + " needs: " + drift.line();
  }

  /** What is ruled out where the comparison of a stopped agent's kernel found nothing. */
  public static String none(NodeEvidence node) {
    return "drift: "
        + node.node()
        + (node.notChecked().contains(STORE_AWAY)
            ? "'s kernel holds what the store asked for when its agent last heard of it"
            : "'s kernel holds what the store asks for");
  }

  /** Why it stays so. */
  public static String whyItLasts(NodeEvidence node) {
    return node.node()
        + switch (node.agent()) {
          case REPAIRS -> "'s agent repairs it now";
          case PAUSED -> "'s agent is paused, so it repairs nothing";
          case DOWN -> "'s agent does not run, so nothing repairs it";
        };
  }

  /** What to type. */
  public static Remedy remedy(NodeEvidence node) {
    return switch (node.agent()) {
      case REPAIRS, PAUSED ->
          Remedy.safe(
              "let the agent repair it; it takes less than a second",
              "naru node resume " + node.node());
      case DOWN -> start(node.node());
    };
  }

  /** How an agent is started again. */
  public static Remedy start(String node) {
    return Remedy.judged(
        "on "
            + node
            + ", start the agent again: it repairs what differs, and pods' packets flow meanwhile"
            + " (of a lab: naru lab start "
            + node
            + ")",
        "systemctl restart naru-agent");
  }
}
