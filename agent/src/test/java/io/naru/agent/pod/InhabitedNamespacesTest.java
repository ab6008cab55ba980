package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InhabitedNamespacesTest {
  private static boolean isInhabited(Path namespace) {
    return InhabitedNamespaces.look().orElseThrow().contain(namespace).orElseThrow();
  }

  @Test
  void aNamespaceIsInhabitedWhileAProcessIsInIt() throws Exception {
    try (TestNamespace namespace = new TestNamespace()) {
      Path file = Path.of(namespace.path());
      assertThat(isInhabited(file)).isFalse();
      Process process = new ProcessBuilder("nsenter", "--net=" + file, "sleep", "infinity").start();
      try {
        Awaitility.await().until(() -> isInhabited(file));
      } finally {
        process.destroyForcibly().waitFor();
      }
      assertThat(isInhabited(file)).isFalse();
    }
  }

  @Test
  void oneOwnNamespaceIsInhabited() {
    assertThat(isInhabited(Path.of("/proc/self/ns/net"))).isTrue();
  }

  @Test
  void ofAFileThatIsNoNamespaceNothingIsSaid(@TempDir Path directory) throws Exception {
    InhabitedNamespaces namespaces = InhabitedNamespaces.look().orElseThrow();
    assertThat(namespaces.contain(Files.createFile(directory.resolve("netns")))).isEmpty();
    assertThat(namespaces.contain(directory.resolve("gone"))).isEmpty();
  }
}
