package io.naru.core.diagnosis;

import java.util.List;

/**
 * What the nodes of a cluster observed.
 *
 * @param nodes evidence of each node that could be asked
 * @param unasked those that could not, and why, a sentence each
 */
public record ClusterEvidence(List<NodeEvidence> nodes, List<String> unasked) {
  public ClusterEvidence {
    nodes = List.copyOf(nodes);
    unasked = List.copyOf(unasked);
  }
}
