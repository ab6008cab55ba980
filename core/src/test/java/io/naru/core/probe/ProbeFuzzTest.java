package io.naru.core.probe;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Any bytes are a probe, part of a train, or not, and one that was read is written as the same
 * bytes.
 */
public class ProbeFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      ProbePacket packet = ProbePacket.decode(bytes);
      byte[] again = packet.encode(0);
      assertThat(again).isEqualTo(Arrays.copyOf(bytes, again.length));
    } catch (NaruException notAProbe) {
      assertThat(notAProbe.code()).isEqualTo(ErrorCode.MALFORMED);
    }
    try {
      TrainPacket packet = TrainPacket.decode(bytes);
      byte[] again = packet.encode(0);
      assertThat(again).isEqualTo(Arrays.copyOf(bytes, again.length));
    } catch (NaruException noTrain) {
      assertThat(noTrain.code()).isEqualTo(ErrorCode.MALFORMED);
    }
    ProbeFrame.findTrain(bytes, 8472)
        .ifPresent(packet -> assertThat(TrainPacket.decode(packet.encode(1500))).isEqualTo(packet));
    ProbeFrame.find(bytes, 8472)
        .ifPresent(packet -> assertThat(ProbePacket.decode(packet.encode(1500))).isEqualTo(packet));
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/ProbeFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
