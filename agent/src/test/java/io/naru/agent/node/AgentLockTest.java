package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.agent.kernel.Steps;
import io.naru.agent.loop.NodeIntent;
import io.naru.core.cluster.NodeName;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who looks whether an agent runs must not keep one from starting. */
class AgentLockTest {
  @TempDir private Path directory;
  private AgentOptions options;

  @BeforeEach
  void made() {
    options =
        new AgentOptions(
            new NodeIntent(new NodeName("node1"), Optional.empty(), Optional.empty(), List.of()),
            directory,
            directory,
            directory.resolve("server.sock"),
            Optional.empty(),
            "1",
            Steps.UNOBSERVED);
  }

  @Test
  void itIsHeldByOne() throws IOException {
    assertThat(AgentLock.isHeld(options)).isFalse();
    assertThat(options.lock()).as("who looks makes no file").doesNotExist();
    AgentLock held = AgentLock.take(options);
    assertThat(AgentLock.isHeld(options)).isTrue();
    assertThatThrownBy(() -> AgentLock.take(options))
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.CONFLICT);
    held.close();
    assertThat(AgentLock.isHeld(options)).isFalse();
  }

  @Test
  void whoLooksForAnInstantKeepsNobodyOut() throws Exception {
    Files.createFile(options.lock());
    CountDownLatch starts = new CountDownLatch(1);
    AgentLock looking = AgentLock.take(options);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<AgentLock> agent =
          threads.submit(
              () -> {
                starts.countDown();
                return AgentLock.take(options);
              });
      starts.await();
      looking.close();
      agent.get().close();
    }
  }

  @Test
  void aLockThatCannotBeOpenedIsNotCalledHeld() throws IOException {
    Files.createDirectory(options.lock());
    assertThatThrownBy(() -> AgentLock.isHeld(options))
        .extracting(failure -> ((NaruException) failure).code())
        .isEqualTo(ErrorCode.FILE_FAILED);
  }
}
