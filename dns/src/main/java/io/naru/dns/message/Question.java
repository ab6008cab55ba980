package io.naru.dns.message;

import java.util.Locale;
import java.util.Objects;
import org.xbill.DNS.Name;
import org.xbill.DNS.Type;

/**
 * What somebody wants to know. The class is always IN; names are equal whatever the case of their
 * letters.
 *
 * @param type a number of the registry of resource record types
 * @param wantsSignatures the bit DO of the asker's EDNS (RFC 3225): answers then carry DNSSEC's
 *     records
 * @param checksItself the bit CD of the header (RFC 4035): an upstream that checks signatures shall
 *     not withhold what does not pass
 */
public record Question(Name name, int type, boolean wantsSignatures, boolean checksItself) {
  public Question {
    Objects.requireNonNull(name, "name is missing");
  }

  /** An ordinary question. */
  public static Question of(Name name, int type) {
    return new Question(name, type, false, false);
  }

  /** As dig prints it: {@code web.default.svc.cluster.local. A}. */
  @Override
  public String toString() {
    return name.toString().toLowerCase(Locale.ROOT) + " " + Type.string(type);
  }
}
