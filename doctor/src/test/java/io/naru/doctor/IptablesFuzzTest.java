package io.naru.doctor;

import io.naru.doctor.audit.AuditOptions;
import io.naru.doctor.audit.Network;
import io.naru.doctor.audit.RulesetAudit;
import io.naru.doctor.audit.rules.IptablesParser;

/** Any text is a saved ruleset that can be audited, or is refused. */
public class IptablesFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedInput.isAuditedOrRefused(
        bytes,
        text -> RulesetAudit.audit(IptablesParser.parse(text, "x"), AuditOptions.of(Network.NARU)));
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    fuzzerTestOneInput(input);
  }
}
