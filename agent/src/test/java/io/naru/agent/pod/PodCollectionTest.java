package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.naru.agent.TestNamespace;
import io.naru.agent.cni.AttachmentWish;
import io.naru.core.pod.PodAttachment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Pods that their runtime lost, and others that only look so. */
class PodCollectionTest {
  private static final Duration SOON = Duration.ofMillis(50);

  @TempDir Path directory;
  private TestNode node;

  @BeforeEach
  void makeNode() {
    node = new TestNode(directory.resolve("pods"));
  }

  @AfterEach
  void removeNode() {
    node.close();
  }

  /** Attaches a pod whose namespace has another name for the runtime. */
  private PodAttachment attach(TestNamespace pod, String name) throws Exception {
    Path folder = Files.createDirectories(directory.resolve("netns"));
    Path link = Files.createSymbolicLink(folder.resolve(name), Path.of(pod.path()));
    return node.network.add(
        new AttachmentWish(TestNode.key(pod), "naru", link.toString(), Map.of()));
  }

  @Test
  void aLostPodGoesAndTheOthersStay() throws Exception {
    TestNamespace running = node.pod();
    PodAttachment made = attach(running, "cni-" + UUID.randomUUID());
    PodAttachment byHand = node.attach(node.pod());
    PodAttachment lost = attach(node.pod(), "netns-" + UUID.randomUUID());
    Process process =
        new ProcessBuilder("nsenter", "--net=" + running.path(), "sleep", "infinity").start();
    try (PodCollection _ = PodCollection.start(node.network, SOON, SOON)) {
      await()
          .untilAsserted(
              () -> assertThat(node.network.pods()).containsExactlyInAnyOrder(made, byHand));
      assertThat(node.changes).endsWith(lost.key());
      // Also in the rounds that follow.
      await().during(SOON.multipliedBy(6)).until(() -> node.network.pods().size() == 2);
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(node.namespace().run("ip -o link show type veth").lines()).hasSize(2);
  }

  @Test
  void aPodThatWentWithoutADeleteIsCollectedWhileTheAgentRuns() throws Exception {
    TestNamespace gone = node.pod();
    PodAttachment attachment = node.attach(gone);
    gone.close();
    node.namespace().attempt("ip link del " + attachment.hostInterface());
    try (PodCollection _ = PodCollection.start(node.network, SOON, SOON)) {
      await().until(() -> node.network.pods().isEmpty());
    }
  }
}
