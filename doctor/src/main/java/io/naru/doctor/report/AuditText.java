package io.naru.doctor.report;

import io.naru.core.diagnosis.Remedy;
import io.naru.core.text.Printable;
import io.naru.doctor.audit.AuditReport;
import io.naru.doctor.audit.Finding;
import java.util.ArrayList;
import java.util.List;

/** An audit as people read it. */
public final class AuditText {
  private final List<String> lines = new ArrayList<>();

  private AuditText() {}

  /** The lines, at most {@link ReportText#WIDTH} wide; only a command to copy may be longer. */
  public static List<String> lines(List<AuditReport> audits) {
    AuditText text = new AuditText();
    audits.forEach(text::audit);
    return List.copyOf(text.lines);
  }

  private void audit(AuditReport audit) {
    if (!lines.isEmpty()) {
      lines.add("");
    }
    add("", String.join(", ", audit.files()) + ", for " + audit.network());
    audit.findings().forEach(this::finding);
    audit.open().forEach(each -> add("  ✓ ", each));
    audit.assumed().forEach(each -> add("  taken to be so: ", each));
    audit.notChecked().forEach(each -> add("  not checked: ", each));
  }

  private void finding(Finding finding) {
    add("  ✗ ", finding.title() + ": " + finding.need().purpose());
    add("    ", finding.code());
    finding.evidence().forEach(each -> add("    - ", each));
    for (Remedy remedy : finding.remedy()) {
      lines.add("      " + Printable.line(remedy.command())); // whole, so that it can be copied
    }
  }

  private void add(String first, String text) {
    lines.addAll(Wrapped.lines(first, text, ReportText.WIDTH));
  }
}
