package io.naru.agent.channel;

import io.naru.agent.probe.PeerReport;
import java.util.List;

/**
 * One line between two agents. An empty one is a sign of life.
 *
 * @param reports what became of the probes of the agent it goes to
 */
record PeerMessage(List<PeerReport> reports) {
  PeerMessage {
    reports = List.copyOf(reports);
  }
}
