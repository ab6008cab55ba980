package io.naru.agent.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.TestNamespace;
import io.naru.agent.cni.CniReply;
import io.naru.core.address.IpAddress;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the real CNI program over a socket to the kernel and back. */
class ProgramRoundTripTest {
  private static final Path PROGRAM = Path.of("target/naru-cni-under-test").toAbsolutePath();

  @TempDir Path directory;
  private TestNode node;
  private ServerSocketChannel socket;

  private record Outcome(int exitCode, String output) {
    JsonNode json() {
      return JsonMapper.shared().readTree(output);
    }
  }

  @BeforeAll
  static void compileProgram() throws Exception {
    Process compiler =
        new ProcessBuilder("sh", "../cni/src/main/sh/compile.sh", PROGRAM.toString(), "-O1")
            .inheritIO()
            .start();
    assertThat(compiler.waitFor()).isZero();
  }

  @BeforeEach
  void serve() throws IOException {
    node = new TestNode(directory.resolve("pods"));
    socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    socket.bind(UnixDomainSocketAddress.of(directory.resolve("agent.sock")));
    Thread.ofVirtual().start(this::answer);
  }

  private void answer() {
    try {
      while (true) {
        try (SocketChannel channel = socket.accept()) {
          String line =
              new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8)).readLine();
          CniReply reply = node.network.handle(JsonMapper.shared().readTree(line));
          ByteBuffer bytes = StandardCharsets.UTF_8.encode(reply.toLines());
          while (bytes.hasRemaining()) {
            channel.write(bytes);
          }
        }
      }
    } catch (ClosedChannelException over) {
      // The test is over.
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @AfterEach
  void stop() throws IOException {
    socket.close();
    node.close();
  }

  private Outcome program(String command, TestNamespace pod, String configuration)
      throws Exception {
    ProcessBuilder builder = new ProcessBuilder(PROGRAM.toString());
    builder.environment().put("CNI_COMMAND", command);
    builder.environment().put("CNI_CONTAINERID", pod.name());
    builder.environment().put("CNI_NETNS", pod.path());
    builder.environment().put("CNI_IFNAME", "eth0");
    builder.environment().put("CNI_ARGS", "K8S_POD_NAMESPACE=default;K8S_POD_NAME=web");
    builder.environment().put("NARU_AGENT_SOCKET", directory.resolve("agent.sock").toString());
    Process process = builder.start();
    try (var input = process.getOutputStream()) {
      input.write(configuration.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    return new Outcome(process.waitFor(), output);
  }

  private static String configuration(String version, String previous) {
    return "{\"cniVersion\":\""
        + version
        + "\",\"name\":\"naru\",\"type\":\"naru-cni\",\"ipam\":{}"
        + (previous.isEmpty() ? "" : ",\"prevResult\":" + previous)
        + "}";
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.4.0", "1.0.0", "1.1.0"})
  void addCheckAndDelete(String version) throws Exception {
    TestNamespace pod = node.pod();

    Outcome added = program("ADD", pod, configuration(version, ""));
    assertThat(added.exitCode()).as(added.output()).isZero();
    assertThat(added.json().get("cniVersion").asString()).isEqualTo(version);
    String address = added.json().at("/ips/0/address").asString().replace("/32", "");
    node.namespace().run("ping -n -c 1 -W 5 " + IpAddress.parse(address));
    assertThat(node.network.pods().getFirst().displayName()).isEqualTo("default/web");

    Outcome checked = program("CHECK", pod, configuration(version, added.output()));
    assertThat(checked).isEqualTo(new Outcome(0, ""));
    pod.run("ip route del default");
    Outcome differs = program("CHECK", pod, configuration(version, added.output()));
    assertThat(differs.exitCode()).isEqualTo(1);
    assertThat(differs.json().get("code").asInt()).isEqualTo(102);
    assertThat(differs.json().get("msg").asString()).contains("default route");

    for (int i = 0; i < 2; i++) {
      assertThat(program("DEL", pod, configuration(version, added.output())))
          .isEqualTo(new Outcome(0, ""));
    }
    assertThat(node.network.pods()).isEmpty();
    assertThat(pod.attempt("ip link show eth0").exitCode()).isNotZero();
  }

  @Test
  void aSecondAddIsRefused() throws Exception {
    TestNamespace pod = node.pod();
    assertThat(program("ADD", pod, configuration("1.0.0", "")).exitCode()).isZero();
    Outcome again = program("ADD", pod, configuration("1.0.0", ""));
    assertThat(again.exitCode()).isEqualTo(1);
    assertThat(again.json().get("code").asInt()).isEqualTo(101);
  }
}
