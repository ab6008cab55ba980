package io.naru.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ProgramTest {
  private static final byte[] CONFIG =
      bytes("{\"cniVersion\":\"1.0.0\",\"name\":\"naru\",\"type\":\"naru-cni\"}");

  @TempDir Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static boolean isRunning() {
    return ProcessHandle.current()
        .children()
        .anyMatch(child -> child.info().command().orElse("").endsWith("/naru-cni"));
  }

  private FakeAgent agent(String answer) {
    return new FakeAgent(directory.resolve("agent.sock"), request -> Optional.of(answer));
  }

  private Program program(String command) {
    return Program.command(command)
        .with("NARU_AGENT_SOCKET", directory.resolve("agent.sock").toString());
  }

  @Test
  void carriesTheRequestAndTheAnswer() throws IOException {
    try (FakeAgent agent = agent("{\"exitCode\":0}\n{\"cniVersion\":\"1.0.0\",\"ips\":[]}\n")) {
      byte[] config = bytes("{\n \"cniVersion\": \"1.0.0\",\t\"name\": \"나루 \\\" \\\\ \\u0007\"}");

      Program.Outcome outcome =
          program("ADD")
              .with("CNI_ARGS", "A=b;C=\"d\"")
              .with("CNI_PATH", "/opt/cni/bin")
              .run(config);

      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.output()).isEqualTo("{\"cniVersion\":\"1.0.0\",\"ips\":[]}\n");
      JsonNode request = JsonMapper.shared().readTree(agent.requests().getFirst());
      assertThat(request.get("operation").asString()).isEqualTo("cni");
      assertThat(request.get("command").asString()).isEqualTo("ADD");
      assertThat(request.get("containerId").asString()).isEqualTo("container-1");
      assertThat(request.get("netns").asString()).isEqualTo("/run/netns/pod");
      assertThat(request.get("ifName").asString()).isEqualTo("eth0");
      assertThat(request.get("args").asString()).isEqualTo("A=b;C=\"d\"");
      assertThat(request.get("path").asString()).isEqualTo("/opt/cni/bin");
      assertThat(bytes(request.get("config").asString())).isEqualTo(config);
    }
  }

  @Test
  void passesTheAgentsExitCodeOn() throws IOException {
    try (FakeAgent agent = agent("{\"exitCode\":1}\n{\"code\":7}\n")) {
      Program.Outcome outcome = program("ADD").run(CONFIG);
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.output()).isEqualTo("{\"code\":7}\n");
    }
  }

  @Test
  void anEmptyAnswerPrintsNothing() throws IOException {
    try (FakeAgent agent = agent("{\"exitCode\":0}\n\n")) {
      Program.Outcome outcome = program("DEL").without("CNI_NETNS").run(CONFIG);
      assertThat(outcome.exitCode()).isZero();
      assertThat(outcome.output()).isEmpty();
    }
  }

  @Test
  void aLongAnswerArrivesWhole() throws IOException {
    String output = "{\"text\":\"" + "x".repeat(1_000_000) + "\"}\n";
    try (FakeAgent agent = agent("{\"exitCode\":0}\n" + output)) {
      assertThat(program("ADD").run(CONFIG).output()).isEqualTo(output);
    }
  }

  @Test
  void aConfigurationOfTheLargestSizeArrives() throws IOException {
    byte[] config =
        bytes("{\"a\":\"" + "\\n".repeat(500_000) + "\"}" + " ".repeat(1_048_576 - 1_000_008));
    try (FakeAgent agent = agent("{\"exitCode\":0}\n{}\n")) {
      assertThat(config).hasSize(1_048_576);
      assertThat(program("ADD").run(config).exitCode()).isZero();
      JsonNode request = JsonMapper.shared().readTree(agent.requests().getFirst());
      assertThat(bytes(request.get("config").asString())).isEqualTo(config);
    }
  }

  @Test
  void aConfigurationThatIsTooLongIsRefused() {
    Program.Outcome outcome = program("ADD").run(new byte[3_000_000]);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.json().get("code").asInt()).isEqualTo(6);
    assertThat(outcome.json().get("details").asString()).contains("1 MiB");
  }

  @Test
  void waitsForAnAgentThatIsStarting() throws Exception {
    var outcome = CompletableFuture.supplyAsync(() -> program("DEL").run(CONFIG));
    Awaitility.await().until(ProgramTest::isRunning);
    try (FakeAgent agent = agent("{\"exitCode\":0}\n\n")) {
      assertThat(outcome.get().exitCode()).isZero();
      assertThat(agent.requests()).hasSize(1);
    }
  }

  @Test
  void withoutAnAgentTheRuntimeIsToldToTryAgain() {
    Program.Outcome outcome = program("ADD").run(CONFIG);
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.json().get("code").asInt()).isEqualTo(11);
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo("1.0.0");
    assertThat(outcome.json().get("msg").asString()).contains("agent");
    assertThat(outcome.json().get("details").asString()).contains("agent.sock");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{\"exitCode\":0}\n",
        "{\"exitCode\":0}\n{\"half",
        "garbage\n{}\n",
        "\n\n",
        "{\"exitCode\":}\n{}\n",
        "{\"exitCode\":256}\n{}\n",
        "{\"exitCode\":-1}\n{}\n",
        "{\"exitCode\":1000}\n{}\n",
        "{\"exitCode\":0\n{}\n"
      })
  void anAgentThatAnswersNonsenseIsNotReady(String answer) throws IOException {
    try (FakeAgent agent = agent(answer)) {
      Program.Outcome outcome = program("ADD").sanitized().run(CONFIG);
      assertThat(outcome.errors()).isEmpty();
      assertThat(outcome.exitCode()).isEqualTo(1);
      assertThat(outcome.json().get("code").asInt()).isEqualTo(11);
    }
  }

  @Test
  void anAgentThatFloodsIsNotReady() throws IOException {
    try (FakeAgent agent = agent("x".repeat(5_000_000))) {
      assertThat(program("ADD").run(CONFIG).json().get("details").asString()).contains("longer");
    }
  }

  @Test
  void anAgentThatSaysNothingIsGivenUp() throws IOException {
    try (FakeAgent agent =
        new FakeAgent(directory.resolve("agent.sock"), request -> Optional.empty())) {
      Program.Outcome outcome = program("ADD").with("NARU_CNI_TIMEOUT_SECONDS", "1").run(CONFIG);
      assertThat(outcome.json().get("code").asInt()).isEqualTo(11);
      assertThat(outcome.json().get("details").asString()).contains("did not answer in time");
    }
  }

  @Test
  void aSocketPathThatIsTooLongIsSaid() {
    Program.Outcome outcome =
        program("ADD").sanitized().with("NARU_AGENT_SOCKET", "/" + "x".repeat(300)).run(CONFIG);
    assertThat(outcome.json().get("details").asString()).contains("107 bytes");
  }

  @Test
  void versionNeedsNoAgent() {
    Program.Outcome outcome =
        new Program(Program.RELEASE, Map.of("CNI_COMMAND", "VERSION"))
            .run(bytes("{\"cniVersion\":\"0.4.0\"}"));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo("0.4.0");
    assertThat(outcome.json().get("supportedVersions").values().stream().map(JsonNode::asString))
        .containsExactly("0.3.0", "0.3.1", "0.4.0", "1.0.0", "1.1.0");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "nonsense", "{\"cniVersion\":\"\\\"}\"}", "{\"cniVersion\":7}"})
  void versionAnswersWhateverItIsGiven(String input) {
    Program.Outcome outcome = program("VERSION").sanitized().run(bytes(input));
    assertThat(outcome.exitCode()).isZero();
    assertThat(outcome.json().get("cniVersion").asString()).isEqualTo("1.1.0");
  }

  @ParameterizedTest
  @CsvSource({
    "ADD,CNI_COMMAND,''",
    "ADD,CNI_COMMAND,add",
    "ADD,CNI_COMMAND,나루",
    "ADD,CNI_CONTAINERID,''",
    "DEL,CNI_CONTAINERID,''",
    "CHECK,CNI_CONTAINERID,-x",
    "ADD,CNI_CONTAINERID,../x",
    "ADD,CNI_CONTAINERID,a b",
    "ADD,CNI_NETNS,''",
    "CHECK,CNI_NETNS,''",
    "ADD,CNI_IFNAME,''",
    "DEL,CNI_IFNAME,..",
    "DEL,CNI_IFNAME,a/b",
    "DEL,CNI_IFNAME,a:b",
    "DEL,CNI_IFNAME,sixteen-letters-",
  })
  void anInvalidVariableIsNamed(String command, String name, String value) {
    Program.Outcome outcome = program(command).sanitized().with(name, value).run(CONFIG);
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.json().get("code").asInt()).isEqualTo(4);
    assertThat(outcome.json().get("msg").asString()).contains(name);
  }
}
