package io.naru.doctor;

import io.naru.doctor.audit.AuditOptions;
import io.naru.doctor.audit.Network;
import io.naru.doctor.audit.SecurityGroupAudit;
import io.naru.doctor.audit.SecurityGroupParser;

/** Any text is a list of security groups that can be audited, or is refused. */
public class SecurityGroupFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedInput.isAuditedOrRefused(
        bytes,
        text ->
            SecurityGroupAudit.audit(
                SecurityGroupParser.parse(text, "x"), AuditOptions.of(Network.CALICO), "x"));
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    fuzzerTestOneInput(input);
  }
}
