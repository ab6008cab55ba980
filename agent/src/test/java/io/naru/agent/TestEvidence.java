package io.naru.agent;

import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.PathWord;
import io.naru.core.diagnosis.NodeEvidence.PeerEvidence;
import io.naru.core.diagnosis.OtherFilters;
import java.util.List;
import java.util.Map;

/** What a node may have seen. */
public final class TestEvidence {
  private TestEvidence() {}

  /** Of a node that saw nothing else. */
  public static NodeEvidence of(NodeName node, List<PathWord> paths, List<PeerEvidence> peers) {
    return new NodeEvidence(
        node.text(),
        "eth0",
        true,
        List.of(),
        8472,
        8472,
        1,
        1450,
        List.of(),
        AgentWork.REPAIRS,
        List.of(),
        Map.of(),
        paths,
        peers,
        List.of(),
        List.of(),
        List.of(),
        OtherFilters.NONE,
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }
}
