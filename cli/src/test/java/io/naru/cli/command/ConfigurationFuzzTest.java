package io.naru.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.configuration.ConfigurationException;
import io.naru.core.configuration.NetworkConfiguration;
import io.naru.core.configuration.NetworkConfigurationParser;
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

/** Any text is a configuration or a list of foreign nodes, or refused with a sentence. */
public class ConfigurationFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    readOrRefuse(
        () -> {
          NetworkConfiguration read = ServerCommand.parse(text, "the file");
          assertThat(NetworkConfigurationParser.parse(NetworkConfigurationParser.toMap(read)))
              .isEqualTo(read);
        });
    readOrRefuse(() -> assertThat(ForeignNodeFile.parse(text, "the file")).isNotEmpty());
  }

  private static void readOrRefuse(Runnable reading) {
    try {
      reading.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.BAD_CONFIGURATION, ErrorCode.BAD_INPUT);
      assertThat(refused.sentence()).isNotBlank();
      if (refused instanceof ConfigurationException mistakes) {
        assertThat(mistakes.mistakes()).isNotEmpty();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("src/test/resources/fuzz/ConfigurationFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
