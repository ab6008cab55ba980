package io.naru.dns.cache;

import io.naru.dns.message.Answer;
import java.time.Duration;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;

/** How long an answer may be kept. */
final class Lifetime {
  /** Seconds; what an upstream says beyond is cut, as RFC 8767, section 4, advises. */
  static final long LONGEST = Duration.ofDays(1).toSeconds();

  /** Seconds; RFC 2308, section 5, finds one to three hours sensible. */
  static final long LONGEST_NEGATIVE = Duration.ofHours(1).toSeconds();

  private Lifetime() {}

  /** Seconds, 0 if it must not be kept. */
  static long of(Answer answer) {
    if (answer.rcode() != Rcode.NOERROR && answer.rcode() != Rcode.NXDOMAIN) {
      return 0;
    }
    long seconds = answer.isNegative() ? LONGEST_NEGATIVE : LONGEST;
    for (Record each : answer.answers()) {
      seconds = Math.min(seconds, each.getTTL());
    }
    boolean bounded = !answer.answers().isEmpty() && answer.rcode() == Rcode.NOERROR;
    for (Record each : answer.authority()) {
      if (each instanceof SOARecord authority) {
        seconds = Math.min(seconds, Math.min(authority.getTTL(), authority.getMinimum()));
        bounded = true;
      }
    }
    // Without an SOA record nobody says how long there is nothing: RFC 2308, section 5.
    return bounded ? seconds : 0;
  }
}
