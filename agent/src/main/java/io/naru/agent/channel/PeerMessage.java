package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import io.naru.core.diagnosis.NodeEvidence;
import java.util.List;
import java.util.Optional;

/**
 * One line between two agents. An empty one is a sign of life.
 *
 * @param reports what became of the probes of the agent it goes to
 * @param hurry whether the sender is examining its paths, and asks the other end to do the same
 * @param examine whether the sender wants the other end's evidence
 * @param evidence what the other end had asked for
 * @param question of a trace, which the other end is to answer
 * @param answer to such a question
 */
record PeerMessage(
    List<PeerReport> reports,
    boolean hurry,
    boolean examine,
    Optional<NodeEvidence> evidence,
    Optional<PeerQuestion> question,
    Optional<PeerAnswer> answer) {
  /** Please look closely together with us. */
  static final PeerMessage HURRY = looking(false);

  /** Please look closely, and tell what was seen. */
  static final PeerMessage EXAMINE = looking(true);

  PeerMessage {
    reports = List.copyOf(reports);
  }

  PeerMessage(List<PeerReport> reports) {
    this(reports, false, false, Optional.empty(), Optional.empty(), Optional.empty());
  }

  /** The answer. */
  static PeerMessage of(NodeEvidence evidence) {
    return new PeerMessage(
        List.of(), false, false, Optional.of(evidence), Optional.empty(), Optional.empty());
  }

  static PeerMessage of(PeerQuestion question) {
    return new PeerMessage(
        List.of(), false, false, Optional.empty(), Optional.of(question), Optional.empty());
  }

  static PeerMessage of(PeerAnswer answer) {
    return new PeerMessage(
        List.of(), false, false, Optional.empty(), Optional.empty(), Optional.of(answer));
  }

  private static PeerMessage looking(boolean examine) {
    return new PeerMessage(
        List.of(), true, examine, Optional.empty(), Optional.empty(), Optional.empty());
  }
}
