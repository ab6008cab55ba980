package io.naru.agent.node;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.kernel.Steps;
import io.naru.agent.loop.NodeIntent;
import io.naru.channel.unix.UnixServer;
import io.naru.core.cluster.NodeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files of an agent that was killed in the middle of a writing. */
class LeftOversTest {
  @TempDir private Path run;
  @TempDir private Path state;

  @Test
  void theyAreFoundAndAnothersAreNot() throws IOException {
    AgentOptions options =
        new AgentOptions(
            new NodeIntent(new NodeName("node1"), Optional.empty(), Optional.empty(), List.of()),
            run,
            state,
            run.resolve("server.sock"),
            Optional.empty(),
            "1",
            Steps.UNOBSERVED);
    assertThat(options.leftOvers()).isEmpty();
    Files.createDirectory(options.identity());
    Path cluster = Files.writeString(state.resolve(".cluster.json.new"), "{");
    Path identity = Files.writeString(options.identity().resolve(".identity.pem.new"), "-");
    Path nursery = Files.createDirectory(UnixServer.nursery(options.socket()));
    Path servers = Files.createDirectory(UnixServer.nursery(options.serverSocket()));
    assertThat(options.leftOvers()).containsExactly(cluster, identity, nursery);

    options.removeDrafts();
    assertThat(options.leftOvers()).containsExactly(nursery);
    assertThat(servers).exists();
  }
}
