package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.capture.CaptureReader;
import io.naru.doctor.compare.CaptureComparison;
import io.naru.doctor.compare.CaptureSummary;
import io.naru.doctor.compare.CaptureSummaryReader;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.ComparisonOptions;
import io.naru.doctor.report.ComparisonText;
import io.naru.doctor.report.ReportText;
import io.naru.doctor.verdict.Conclusions;
import io.naru.observe.packet.FrameDecoder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any bytes are a capture that can be compared with itself, or are refused. */
public class CaptureFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      CaptureSummary one = summary(bytes, "node1");
      CaptureSummary two = summary(bytes, "node2");
      Comparison comparison = CaptureComparison.compare(one, two, ComparisonOptions.NONE);
      assertThat(
              ReportText.lines(Conclusions.report(List.of(comparison), List.of(), List.of()), true))
          .isNotEmpty();
      assertThat(ComparisonText.lines(comparison)).isNotEmpty();
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.BAD_INPUT);
    }
  }

  private static CaptureSummary summary(byte[] bytes, String node) {
    return CaptureSummaryReader.read(
        CaptureReader.read(new ByteArrayInputStream(bytes), node),
        node,
        FrameDecoder.USUAL_VXLAN_PORTS);
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files = Files.list(Path.of("src/test/resources/fuzz/CaptureFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
