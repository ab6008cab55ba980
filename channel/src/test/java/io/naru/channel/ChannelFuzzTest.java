package io.naru.channel;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.channel.frame.JsonLines;
import io.naru.channel.identity.JoinToken;
import io.naru.channel.identity.PendingIdentity;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any stream is lines or refused; any line is a hello, a token, a certificate, or refused. */
public class ChannelFuzzTest {
  private static final int LONGEST = 2048;

  public static void fuzzerTestOneInput(byte[] stream) {
    JsonLines lines =
        new JsonLines(
            new ByteArrayInputStream(stream), OutputStream.nullOutputStream(), "the other end");
    lines.maximumLength(LONGEST);
    readOrRefuse(
        ErrorCode.MALFORMED,
        () -> {
          for (Optional<String> line = lines.readLine();
              line.isPresent();
              line = lines.readLine()) {
            line(line.get());
          }
        });
  }

  private static void line(String line) {
    assertThat(line.getBytes(StandardCharsets.UTF_8).length).isLessThanOrEqualTo(LONGEST);
    readOrRefuse(
        ErrorCode.MALFORMED, () -> assertThat(Hello.parse(line).kind()).matches("[a-z0-9-]+"));
    readOrRefuse(
        ErrorCode.BAD_INPUT,
        () -> {
          JoinToken token = JoinToken.parse(line);
          assertThat(JoinToken.parse(token.encoded())).isEqualTo(token);
        });
    byte[] der;
    try {
      der = Base64.getDecoder().decode(line);
    } catch (IllegalArgumentException notBase64) {
      return;
    }
    readOrRefuse(
        ErrorCode.MALFORMED,
        () -> assertThat(PendingIdentity.certificates(List.of(der))).hasSize(1));
  }

  private static void readOrRefuse(ErrorCode code, Runnable reading) {
    try {
      reading.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isEqualTo(code);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/ChannelFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
