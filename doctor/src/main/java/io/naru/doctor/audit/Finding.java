package io.naru.doctor.audit;

import io.naru.core.diagnosis.Remedy;
import java.util.List;

/**
 * Something that a network needs and a firewall does not let through, or not from everywhere.
 *
 * @param code stable, for {@code naru explain}
 * @param need what does not pass
 * @param where the firewall: a group, a file, a chain
 * @param from who cannot send: a group, an address, or {@code the other nodes}
 * @param to who cannot receive
 * @param title the fact in one line
 * @param evidence which rules are there instead, a sentence each
 * @param certain whether it follows from the rules alone; else it depends on what they do not tell
 */
public record Finding(
    String code,
    Need need,
    String where,
    String from,
    String to,
    String title,
    List<String> evidence,
    boolean certain,
    List<Remedy> remedy) {
  /** Nothing lets it in or out. */
  public static final String CLOSED = "NARU-AUDIT-PORT-CLOSED";

  /** TCP on that port is open, UDP is not, or the reverse. */
  public static final String WRONG_PROTOCOL = "NARU-AUDIT-WRONG-PROTOCOL";

  /** Another VXLAN port is open. */
  public static final String WRONG_PORT = "NARU-AUDIT-WRONG-PORT";

  /** Some nodes may, others may not. */
  public static final String SOME_NODES = "NARU-AUDIT-SOME-NODES";

  /** A rule drops it. */
  public static final String DROPPED = "NARU-AUDIT-DROPPED";

  public Finding {
    evidence = List.copyOf(evidence);
    remedy = List.copyOf(remedy);
  }
}
