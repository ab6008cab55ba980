package io.naru.doctor;

import io.naru.doctor.audit.AuditOptions;
import io.naru.doctor.audit.Network;
import io.naru.doctor.audit.RulesetAudit;
import io.naru.doctor.audit.rules.NftParser;

/** Any text is a ruleset of nft that can be audited, or is refused. */
public class NftRulesetFuzzTest {
  public static void fuzzerTestOneInput(byte[] bytes) {
    FuzzedInput.isAuditedOrRefused(
        bytes,
        text -> RulesetAudit.audit(NftParser.parse(text, "x"), AuditOptions.of(Network.NARU)));
  }

  @KeptInputs
  void keptInputIsHandled(byte[] input) {
    fuzzerTestOneInput(input);
  }
}
