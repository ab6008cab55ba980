package io.naru.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.agent.channel.PeerReading;
import io.naru.agent.ipam.LeaseReading;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any line of a peer and any lease is whole, or refused. */
public class AgentInputFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    readOrRefuse(() -> PeerReading.read(new String(bytes, StandardCharsets.UTF_8)));
    readOrRefuse(() -> LeaseReading.read(bytes));
  }

  private static void readOrRefuse(Runnable reading) {
    try {
      reading.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.BAD_INPUT);
      assertThat(refused.sentence()).isNotBlank();
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/AgentInputFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
