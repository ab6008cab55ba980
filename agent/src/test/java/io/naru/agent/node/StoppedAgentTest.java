package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.agent.TestCluster;
import io.naru.agent.loop.ClusterMemory;
import io.naru.channel.frame.Json;
import io.naru.core.cluster.Node;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.diagnosis.DriftWords;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.store.ClusterSnapshot;
import io.naru.store.ClusterStore;
import io.naru.store.memory.InMemoryClusterStore;
import io.naru.store.service.RemoteClusterStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a kernel without an agent is compared with. */
class StoppedAgentTest {
  private static final Node NODE = TestCluster.node(3, 0);

  @TempDir private Path directory;
  private Path kept;
  private final List<String> notChecked = new ArrayList<>();

  private final InMemoryClusterStore store =
      new InMemoryClusterStore(TestCluster.configuration(TransportPolicy.AUTO));

  @BeforeEach
  void joined() throws IOException {
    store.claimExactPodCidrs(NODE.name(), NODE.podCidrs());
    store.publishNode(NODE);
    kept = Files.writeString(directory.resolve("cluster.json"), Json.write(store.snapshot()));
  }

  private ClusterMemory memory(ClusterStore asked) {
    return StoppedAgent.memory(NODE.name(), asked, kept, notChecked);
  }

  /** What asking comes to where every connection ends with that failure. */
  private ClusterMemory memoryWhere(ErrorCode failure) {
    try (RemoteClusterStore away =
        new RemoteClusterStore(
            () -> {
              throw new NaruException(failure, "the store says no");
            },
            Duration.ofMillis(50))) {
      return memory(away);
    }
  }

  @Test
  void itIsTheStoresWordWhereThatAnswers() {
    assertThat(memory(store).snapshot()).isPresent();
    assertThat(notChecked).isEmpty();
  }

  @Test
  void itIsTheKeptWordOnlyWhereNobodyAnswers() {
    assertThat(memoryWhere(ErrorCode.UNAVAILABLE).snapshot().map(ClusterSnapshot::nodes))
        .hasValueSatisfying(nodes -> assertThat(nodes).containsKey(NODE.name()));
    assertThat(notChecked).containsExactly(DriftWords.STORE_AWAY);
  }

  @Test
  void aStoreThatRefusesThisNodeIsNotAway() {
    assertThatThrownBy(() -> memoryWhere(ErrorCode.NOT_AUTHENTICATED))
        .hasMessageContaining("says no")
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.NOT_AUTHENTICATED);
  }

  @Test
  void aNodeThatWasRemovedIsToldSo() {
    ClusterStore without =
        new InMemoryClusterStore(TestCluster.configuration(TransportPolicy.AUTO));
    assertThatThrownBy(() -> memory(without))
        .hasMessageContaining("was removed from the cluster")
        .hasMessageContaining("naru agent --join")
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.NOT_FOUND);
  }
}
