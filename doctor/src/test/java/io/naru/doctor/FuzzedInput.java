package io.naru.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.report.AuditText;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;

/** What may come of any input from outside: a value, or a refusal that says what is malformed. */
final class FuzzedInput {
  private FuzzedInput() {}

  /** Only a refusal may keep the attempt from its end. */
  static void isReadOrRefused(Runnable attempt) {
    try {
      attempt.run();
    } catch (NaruException refused) {
      assertThat(refused.code()).isIn(ErrorCode.MALFORMED, ErrorCode.BAD_INPUT);
    }
  }

  /** The text is audited, and nothing in the report harms who types what it says; or refused. */
  static void isAuditedOrRefused(byte[] bytes, Function<String, AuditReport> audit) {
    isReadOrRefused(
        () -> {
          AuditReport report = audit.apply(new String(bytes, StandardCharsets.UTF_8));
          assertThat(AuditText.lines(List.of(report))).isNotEmpty();
          report.findings().forEach(each -> Commands.assertHarmless(each.remedy()));
        });
  }
}
