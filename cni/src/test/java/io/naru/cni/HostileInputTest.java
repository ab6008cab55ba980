package io.naru.cni;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Input that no runtime sends, given to a build that stops at the first wrong access. */
class HostileInputTest {
  private static final String CONFIG =
      "{\"cniVersion\":\"1.0.0\",\"name\":\"n\",\"a\":[1,-0.5e+3,true,false,null,\"\\u00e9\",{}]}";

  @TempDir Path directory;

  private Program program() {
    // A path too long for a socket: valid input gets as far as asking, and fails at once.
    return Program.command("ADD")
        .sanitized()
        .with("NARU_AGENT_SOCKET", directory.resolve("x".repeat(200)).toString());
  }

  static Stream<String> broken() {
    return Stream.of(
        "",
        " ",
        "{",
        "{\"",
        "{\"a",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":\"\\",
        "{\"a\":\"\\u12",
        "{\"a\":\"\\u12g4\"}",
        "{\"a\":1,}",
        "{\"a\":01}",
        "{\"a\":1.}",
        "{\"a\":-}",
        "{\"a\":1e}",
        "{\"a\":tru}",
        "{\"a\":[1,]}",
        "{\"a\":[1 2]}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\u0000\"}",
        "{}{}",
        "{}x",
        "[]",
        "null",
        "\"text\"",
        "\ufeff{}",
        "{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}",
        "{\"a\":".repeat(100_000),
        "[".repeat(1_000_000));
  }

  @ParameterizedTest
  @MethodSource
  void broken(String input) {
    Program.Outcome outcome = program().run(input.getBytes(StandardCharsets.UTF_8));
    assertThat(outcome.errors()).isEmpty();
    assertThat(outcome.exitCode()).isEqualTo(1);
    assertThat(outcome.json().get("code").asInt()).isEqualTo(6);
  }

  static Stream<String> notUtf8() {
    return Stream.of(
        "80", "c080", "c2", "e08080", "e0a0", "eda080", "f0808080", "f4908080", "f5808080", "ff");
  }

  @ParameterizedTest
  @MethodSource
  void notUtf8(String hex) {
    byte[] bad = HexFormat.of().parseHex(hex);
    byte[] input = new byte[bad.length + 8];
    System.arraycopy("{\"a\":\"".getBytes(StandardCharsets.US_ASCII), 0, input, 0, 6);
    System.arraycopy(bad, 0, input, 6, bad.length);
    System.arraycopy("\"}".getBytes(StandardCharsets.US_ASCII), 0, input, 6 + bad.length, 2);
    Program.Outcome outcome = program().run(input);
    assertThat(outcome.json().get("code").asInt()).isEqualTo(6);
    assertThat(outcome.json().get("msg").asString()).contains("UTF-8");
  }

  @Test
  void agreesWithAFullParserOnMutatedConfigurations() {
    Random random = new Random(20260101);
    List<String> disagreements = new ArrayList<>();
    IntStream.range(0, 150)
        .forEach(
            round -> {
              StringBuilder text = new StringBuilder(CONFIG);
              for (int i = 0; i <= random.nextInt(3); i++) {
                int at = random.nextInt(text.length());
                switch (random.nextInt(3)) {
                  case 0 -> text.deleteCharAt(at);
                  case 1 -> text.insert(at, "{}[]\",:\\0e-. ".charAt(random.nextInt(13)));
                  default -> text.setCharAt(at, (char) (1 + random.nextInt(126)));
                }
              }
              String input = text.toString();
              Program.Outcome outcome = program().run(input.getBytes(StandardCharsets.UTF_8));
              int expected = isObject(input) ? 11 : 6;
              if (!outcome.errors().isEmpty() || outcome.json().get("code").asInt() != expected) {
                disagreements.add(input + " gave " + outcome);
              }
            });
    assertThat(disagreements).isEmpty();
  }

  private static boolean isObject(String text) {
    try {
      return JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readTree(text)
          .isObject();
    } catch (JacksonException broken) {
      return false;
    }
  }
}
