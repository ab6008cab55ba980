package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.NodeEvidence;
import java.util.function.Consumer;

/** Hears what a peer says. */
interface PeerListener {
  void reported(NodeName peer, PeerReport report);

  /** The peer examines its paths, and asks this end to do the same. */
  default void hurried(NodeName peer) {}

  /** A pod of the peer's that answers, to be tried. */
  default void offered(NodeName peer, PodWord pod) {}

  /**
   * The peer wants this node's evidence; the answer goes back by this.
   *
   * @param aboutThem whether the paths between the two are all that matters
   */
  default void examined(NodeName peer, boolean aboutThem, Consumer<NodeEvidence> answer) {}

  /**
   * The peer's evidence, which was asked for.
   *
   * @param aboutUs whether it looked at nothing but the paths between the two
   */
  default void testified(NodeName peer, NodeEvidence evidence, boolean aboutUs) {}

  /** The peer asks something; the answer goes back by this. */
  default void asked(NodeName peer, PeerQuestion question, Consumer<PeerAnswer> answer) {}

  /** The peer's answer. */
  default void answered(NodeName peer, PeerAnswer answer) {}
}
