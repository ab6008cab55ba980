package io.naru.agent.watch;

import static org.awaitility.Awaitility.await;

import io.naru.agent.probe.JudgedPath;
import io.naru.core.cluster.NodeName;
import io.naru.core.diagnosis.ClusterEvidence;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PathWatchTest {
  private final AtomicInteger looks = new AtomicInteger();

  private List<JudgedPath> firstAMistakeThenNoPaths() {
    if (looks.incrementAndGet() == 1) {
      throw new IllegalStateException("a mistake");
    }
    return List.of();
  }

  @Test
  void aMistakeInOneLookDoesNotEndTheWatch() {
    try (PathWatch watch =
        new PathWatch(
            new NodeName("node1"),
            this::firstAMistakeThenNoPaths,
            peers -> new ClusterEvidence(List.of(), List.of()),
            InstantSource.system())) {
      watch.start();
      await().until(() -> looks.get() > 1);
    }
  }
}
