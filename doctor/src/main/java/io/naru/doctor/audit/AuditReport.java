package io.naru.doctor.audit;

import java.util.List;

/**
 * What an audit says.
 *
 * @param network whose needs were looked for
 * @param files what was read
 * @param findings what does not pass, the pods' own traffic first
 * @param open what does, a sentence each
 * @param assumed what was taken to be so
 * @param notChecked what nobody looked at
 */
public record AuditReport(
    String network,
    List<String> files,
    List<Finding> findings,
    List<String> open,
    List<String> assumed,
    List<String> notChecked) {
  public AuditReport {
    files = List.copyOf(files);
    findings = List.copyOf(findings);
    open = List.copyOf(open);
    assumed = List.copyOf(assumed);
    notChecked = List.copyOf(notChecked);
  }

  /** Whether everything passes that the network needs. */
  public boolean isHealthy() {
    return findings.isEmpty();
  }

  /** 0 where all is open, 1 where something is closed. */
  public int exitCode() {
    return isHealthy() ? 0 : 1;
  }
}
