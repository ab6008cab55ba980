package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.DoctorReport;
import io.naru.core.path.VxlanPort;
import io.naru.doctor.capture.CaptureReader;
import io.naru.doctor.compare.CaptureComparison;
import io.naru.doctor.compare.CaptureSummary;
import io.naru.doctor.compare.CaptureSummaryReader;
import io.naru.doctor.compare.Comparison;
import io.naru.doctor.compare.ComparisonOptions;
import io.naru.doctor.report.ComparisonText;
import io.naru.doctor.report.ReportText;
import io.naru.doctor.verdict.Conclusions;
import java.io.ByteArrayInputStream;
import java.util.List;

/** Any bytes are a capture that can be compared with itself, or are refused. */
public class CaptureFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedInput.isReadOrRefused(
        () -> {
          Comparison comparison =
              CaptureComparison.compare(
                  summary(bytes, "node1"), summary(bytes, "node2"), ComparisonOptions.NONE);
          DoctorReport report = Conclusions.report(List.of(comparison), List.of(), List.of());
          assertThat(ReportText.lines(report, true)).isNotEmpty();
          assertThat(ComparisonText.lines(comparison)).isNotEmpty();
        });
  }

  private static CaptureSummary summary(byte[] bytes, String node) {
    return CaptureSummaryReader.read(
        CaptureReader.read(new ByteArrayInputStream(bytes), node), node, VxlanPort.USUAL);
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    fuzzerTestOneInput(input);
  }
}
