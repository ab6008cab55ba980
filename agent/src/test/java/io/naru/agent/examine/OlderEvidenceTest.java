package io.naru.agent.examine;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.Json;
import io.naru.core.diagnosis.AgentWork;
import io.naru.core.diagnosis.NodeEvidence;
import io.naru.core.diagnosis.NodeEvidence.Drift;
import io.naru.core.diagnosis.OtherFilters;
import io.naru.core.diagnosis.judge.Diagnosis;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** While a cluster is brought to a newer version, agents of both speak to each other. */
class OlderEvidenceTest {
  private static final String OF_AN_OLDER_AGENT =
      Json.write(
              new NodeEvidence(
                  "node1",
                  "eth0",
                  true,
                  List.of("192.0.2.1"),
                  8472,
                  8472,
                  1,
                  1450,
                  List.of(),
                  AgentWork.PAUSED,
                  List.of(new Drift("fdb-missing", "+ fdb", Optional.empty())),
                  Map.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  OtherFilters.NONE,
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of()))
          .replaceAll("\"agent\" ?: ?\"[A-Za-z]+\",?", "");

  @Test
  void anAgentThatDoesNotSayWhatItDoesRepairs() {
    assertThat(OF_AN_OLDER_AGENT).doesNotContain("\"agent\"");
    NodeEvidence read = Json.read(OF_AN_OLDER_AGENT, NodeEvidence.class);
    assertThat(read.agent()).isEqualTo(AgentWork.REPAIRS);
    assertThat(Diagnosis.of(List.of(read), List.of()).verdicts()).isEmpty();
  }
}
