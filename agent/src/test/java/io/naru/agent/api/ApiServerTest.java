package io.naru.agent.api;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.naru.agent.TestCluster;
import io.naru.agent.ipam.LeaseBook;
import io.naru.agent.kernel.FilterTables;
import io.naru.agent.loop.ClusterMemory;
import io.naru.agent.loop.Pass;
import io.naru.agent.loop.PassTiming;
import io.naru.agent.loop.Pause;
import io.naru.agent.pod.PodNetwork;
import io.naru.agent.pod.PodNetworkSettings;
import io.naru.agent.pod.PodWiring;
import io.naru.agent.probe.PathBook;
import io.naru.api.AgentClient;
import io.naru.core.cluster.NodeName;
import io.naru.core.configuration.TransportPolicy;
import io.naru.core.desired.NodeView;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.core.state.Plan;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ApiServerTest {
  private static final NodeView VIEW =
      TestCluster.view(
          TransportPolicy.AUTO,
          TestCluster.node(1, 0),
          List.of(TestCluster.node(2, 1), TestCluster.node(3, 0)));

  @TempDir Path directory;
  private NetworkNamespace here;
  private PodWiring wiring;
  private ApiServer server;
  private Pass pass =
      new Pass(
          Optional.of(VIEW), new Plan(List.of()), 0, List.of(), PassTiming.NONE, false, Map.of());

  @BeforeEach
  void start() {
    here = NetworkNamespace.current();
    wiring = new PodWiring(here);
    LeaseBook leases = new LeaseBook(directory.resolve("pods"));
    PathBook paths = new PathBook(() -> 0, new AtomicLong()::incrementAndGet);
    paths.update(VIEW);
    Pause pause = new Pause(directory.resolve("paused"), () -> {}, Instant::now);
    Reports reports =
        new Reports(
            new NodeName("node1"),
            "test",
            new ClusterMemory(directory.resolve("cluster.json"), touched -> {}),
            () -> pass,
            pause,
            paths,
            leases,
            FilterTables.open(directory));
    PodNetwork pods =
        new PodNetwork(
            leases, wiring, () -> new PodNetworkSettings(List.of(), 0), Instant::now, key -> {});
    server =
        ApiServer.start(
            socket(),
            reports,
            pods,
            pause,
            () -> {
              throw new IllegalStateException("nobody examines here");
            },
            List::of,
            () -> {
              throw new IllegalStateException("nobody traces here");
            });
  }

  @AfterEach
  void stop() {
    server.close();
    wiring.close();
    here.close();
  }

  private Path socket() {
    return directory.resolve("agent.sock");
  }

  private AgentClient client() {
    return new AgentClient(socket(), "start it");
  }

  private String answer(byte[] request) throws IOException {
    try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.connect(UnixDomainSocketAddress.of(socket()));
      Thread writer = Thread.ofVirtual().start(() -> write(channel, request));
      InputStream input = Channels.newInputStream(channel);
      StringBuilder answer = new StringBuilder();
      try {
        for (int next = input.read(); next >= 0; next = input.read()) {
          answer.append((char) next);
        }
      } catch (SocketException hungUpBeforeItReadAll) {
        assertThat(answer).isNotEmpty();
      }
      writer.interrupt();
      return answer.toString();
    }
  }

  private static void write(SocketChannel channel, byte[] request) {
    ByteBuffer bytes = ByteBuffer.wrap(request);
    try {
      while (bytes.hasRemaining()) {
        int ignored = channel.write(bytes);
        assertThat(ignored).isNotNegative();
      }
    } catch (IOException hungUp) {
      // The server has heard enough.
    }
  }

  @Test
  void everyOperationIsAnswered() {
    assertThat(client().status().state()).isEqualTo("ready");
    assertThat(client().status().peers()).isEqualTo(2);
    assertThat(client().nodes()).extracting("name").containsExactly("node1", "node2", "node3");
    assertThat(client().tunnels()).extracting("peer").containsExactly("node2", "node3");
    assertThat(client().paths(false)).hasSize(4);
    assertThat(client().paths(true)).hasSize(6);
    assertThat(client().pods()).isEmpty();
  }

  @Test
  void anAgentThatIsNotReadySaysWhy() {
    pass =
        new Pass(
            Optional.empty(),
            new Plan(List.of()),
            0,
            List.of("waiting for the store"),
            PassTiming.NONE,
            false,
            Map.of());
    assertThat(client().status().state()).isEqualTo("starting");
    assertThat(client().status().failures()).containsExactly("waiting for the store");
    assertThat(client().nodes()).isEmpty();
    pass =
        new Pass(
            Optional.of(VIEW),
            new Plan(List.of()),
            0,
            List.of("no route"),
            PassTiming.NONE,
            false,
            Map.of());
    assertThat(client().status().state()).isEqualTo("retrying");
  }

  @Test
  void aPauseIsSeenInEveryList() throws Exception {
    Files.writeString(directory.resolve("paused"), "2026-01-02T03:04:05Z");
    server.close();
    wiring.close();
    here.close();
    start();
    assertThat(client().status().paused()).contains("2026-01-02T03:04:05Z");
    assertThat(client().status().state()).isEqualTo("ready");
    assertThat(client().nodes())
        .filteredOn(node -> node.paused().isPresent())
        .extracting("name")
        .containsExactly("node1");
    assertThat(client().paths(false))
        .extracting("reason")
        .allMatch(reason -> reason.toString().startsWith("node1 is PAUSED, repairs nothing; "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{ | NARU-MALFORMED",
        "null | NARU-INPUT",
        "{} trailing | NARU-MALFORMED",
        "{\"operation\":\"dance\"} | NARU-INPUT",
        "{} | NARU-INPUT",
        "[1] | NARU-INPUT",
        "{\"operation\":{\"a\":1}} | NARU-INPUT",
      })
  void whatIsNoRequestIsAnsweredWithACode(String request, String code) throws Exception {
    assertThat(answer((request + "\n").getBytes(UTF_8))).contains(code).endsWith("\n");
  }

  @Test
  void bytesThatAreNoTextAreRefused() throws Exception {
    assertThat(answer(new byte[] {(byte) 0xff, (byte) 0xfe, '\n'})).contains("NARU-MALFORMED");
  }

  @Test
  void aLineThatNeverEndsIsRefused() throws Exception {
    byte[] endless = "x".repeat(5 << 20).getBytes(UTF_8);
    assertThat(answer(endless)).contains("NARU-MALFORMED");
    assertThat(client().pods()).isEmpty();
  }

  @Test
  void aRequestOfTheRuntimeThatMakesNoSenseHasAnExitCodeAndAnErrorObject() throws Exception {
    assertThat(answer("{\"operation\":\"cni\"}\n".getBytes(UTF_8)).lines().toList())
        .hasSize(2)
        .satisfies(lines -> assertThat(lines.get(0)).contains("\"exitCode\":1"))
        .satisfies(lines -> assertThat(lines.get(1)).contains("\"code\""));
  }

  @Test
  void theClientTellsWhatTheServerRefused() {
    NaruException refused = catchThrowableOfType(NaruException.class, () -> client().ask("dance"));
    assertThat(refused).hasMessageContaining("no operation 'dance'");
  }

  @Test
  void aSecondAgentIsToldThatOneAnswersAlready() {
    NaruException refused =
        catchThrowableOfType(
            NaruException.class,
            () -> ApiServer.start(socket(), null, null, null, null, null, null));
    assertThat(refused).returns(ErrorCode.CONFLICT, NaruException::code);
  }
}
