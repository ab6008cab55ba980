package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.AuditOptions;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Network;
import io.naru.doctor.audit.SecurityGroupAudit;
import io.naru.doctor.audit.SecurityGroupParser;
import io.naru.doctor.report.AuditText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Any text is a list of security groups that can be audited, or is refused. */
public class SecurityGroupFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    try {
      String text = new String(bytes, StandardCharsets.UTF_8);
      AuditReport report =
          SecurityGroupAudit.audit(
              SecurityGroupParser.parse(text, "x"), AuditOptions.of(Network.CALICO), "x");
      assertThat(AuditText.lines(List.of(report))).isNotEmpty();
      report.findings().forEach(each -> Commands.assertHarmless(each.remedy()));
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.BAD_INPUT);
    }
  }

  @ParameterizedTest
  @MethodSource("kept")
  void keptInputIsHandled(Path input) throws IOException {
    fuzzerTestOneInput(Files.readAllBytes(input));
  }

  static List<Path> kept() throws IOException {
    try (Stream<Path> files =
        Files.list(Path.of("src/test/resources/fuzz/SecurityGroupFuzzTest"))) {
      return files.sorted().toList();
    }
  }
}
