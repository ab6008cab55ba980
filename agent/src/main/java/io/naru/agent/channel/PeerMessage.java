package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import java.util.List;

/**
 * One line between two agents. An empty one is a sign of life.
 *
 * @param reports what became of the probes of the agent it goes to
 * @param hurry whether the sender is examining its paths, and asks the other end to do the same
 */
record PeerMessage(List<PeerReport> reports, boolean hurry) {
  PeerMessage {
    reports = List.copyOf(reports);
  }
}
