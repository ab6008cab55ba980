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
 * @param aboutUs whether evidence on the paths between the two is all that it wants, or sends
 * @param evidence what the other end had asked for
 * @param pod a pod of the sender's, sent along when it looks closely
 * @param question of a trace, which the other end is to answer
 * @param answer to such a question
 */
record PeerMessage(
    List<PeerReport> reports,
    boolean hurry,
    boolean examine,
    boolean aboutUs,
    Optional<NodeEvidence> evidence,
    Optional<PodWord> pod,
    Optional<PeerQuestion> question,
    Optional<PeerAnswer> answer) {
  /** Please look closely, and tell what was seen. */
  static PeerMessage examine(boolean aboutUs) {
    return new PeerMessage(
        List.of(),
        false,
        true,
        aboutUs,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  PeerMessage {
    reports = List.copyOf(reports);
  }

  PeerMessage(List<PeerReport> reports) {
    this(reports, false, false, Optional.empty(), Optional.empty());
  }

  private PeerMessage(
      List<PeerReport> reports,
      boolean hurry,
      boolean examine,
      Optional<NodeEvidence> evidence,
      Optional<PodWord> pod) {
    this(reports, hurry, examine, false, evidence, pod, Optional.empty(), Optional.empty());
  }

  /** We look closely; please try this pod of ours, and probe often if we are in a hurry. */
  static PeerMessage looking(boolean hurry, Optional<PodWord> pod) {
    return new PeerMessage(List.of(), hurry, false, Optional.empty(), pod);
  }

  /** The answer. */
  static PeerMessage of(NodeEvidence evidence, boolean aboutUs) {
    return new PeerMessage(
        List.of(),
        false,
        false,
        aboutUs,
        Optional.of(evidence),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  static PeerMessage of(PeerQuestion question) {
    return talk(Optional.of(question), Optional.empty());
  }

  static PeerMessage of(PeerAnswer answer) {
    return talk(Optional.empty(), Optional.of(answer));
  }

  private static PeerMessage talk(Optional<PeerQuestion> question, Optional<PeerAnswer> answer) {
    return new PeerMessage(
        List.of(), false, false, false, Optional.empty(), Optional.empty(), question, answer);
  }
}
