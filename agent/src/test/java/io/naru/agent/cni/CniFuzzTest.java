package io.naru.agent.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.Json;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Any request is answered as the CNI specification says, and never by a mistake of ours. */
public class CniFuzzTest {
  private static final int MEMBERS = 7;

  /** The program's line, or the seven members of a request with NUL between them. */
  public static void fuzzerTestOneInput(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    try {
      answer(CniRequest.of(Json.read(text, JsonNode.class)));
    } catch (NaruException notJson) {
      String[] given = Arrays.copyOf(text.split("\0", MEMBERS), MEMBERS);
      String[] m =
          Arrays.stream(given).map(part -> part == null ? "" : part).toArray(String[]::new);
      answer(new CniRequest(m[0], m[1], m[2], m[3], m[4], m[5], m[6]));
    }
  }

  private static void answer(CniRequest request) {
    CniReply reply = new CniServer(new RecordingService()).handle(request);
    assertThat(reply.toLines().lines()).hasSize(2);
    if (reply.exitCode() == 0 && reply.output().isEmpty()) {
      return;
    }
    JsonNode output = CniConfiguration.JSON.readTree(reply.output());
    assertThat(output.isObject()).isTrue();
    assertThat(output.path("cniVersion").isString()).isTrue();
    if (reply.exitCode() == 0) {
      assertThat(output.has("code")).isFalse();
    } else {
      assertThat(output.path("code").asInt())
          .as(reply.output())
          .isPositive()
          .isNotEqualTo(CniErrorCode.INTERNAL.number());
      assertThat(output.path("msg").asString()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/CniFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
