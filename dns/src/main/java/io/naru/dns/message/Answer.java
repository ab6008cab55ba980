package io.naru.dns.message;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.function.LongUnaryOperator;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * What a question is answered with.
 *
 * @param rcode a number of {@link Rcode}
 * @param authoritative whether it comes from whoever rules over the name
 * @param authenticated whether the upstream checked signatures (the bit AD, RFC 4035)
 */
public record Answer(
    int rcode,
    boolean authoritative,
    boolean authenticated,
    List<Record> answers,
    List<Record> authority,
    List<Record> additional) {
  /** Where the time to live stands after the owner's name: behind type and class. */
  private static final int TTL_OFFSET = 4;

  public Answer {
    answers = List.copyOf(answers);
    authority = List.copyOf(authority);
    additional = List.copyOf(additional);
  }

  /** A code without records. */
  public static Answer failure(int rcode) {
    return new Answer(rcode, false, false, List.of(), List.of(), List.of());
  }

  /** Whether there is no such name, or no record of that type: RFC 2308. */
  public boolean isNegative() {
    return rcode == Rcode.NXDOMAIN || rcode == Rcode.NOERROR && answers.isEmpty();
  }

  /** The same answer without what only helps. */
  public Answer withoutAdditional() {
    return new Answer(rcode, authoritative, authenticated, answers, authority, List.of());
  }

  /** The same without authority and additional records. */
  public Answer withoutAuthority() {
    return new Answer(rcode, authoritative, authenticated, answers, List.of(), List.of());
  }

  /** About as many bytes as it takes in a message. */
  public int weight() {
    int bytes = 12;
    for (List<Record> section : List.of(answers, authority, additional)) {
      for (Record each : section) {
        bytes += each.toWire(Section.ANSWER).length;
      }
    }
    return bytes;
  }

  /** The same answer with other times to live, in seconds. */
  public Answer withTtls(LongUnaryOperator change) {
    return new Answer(
        rcode,
        authoritative,
        authenticated,
        withTtls(answers, change),
        withTtls(authority, change),
        withTtls(additional, change));
  }

  private static List<Record> withTtls(List<Record> records, LongUnaryOperator change) {
    return records.stream().map(each -> withTtl(each, change.applyAsLong(each.getTTL()))).toList();
  }

  /** dnsjava's records do not let others alter their time to live: this goes through bytes. */
  private static Record withTtl(Record each, long seconds) {
    if (each.getTTL() == seconds) {
      return each;
    }
    byte[] wire = each.toWire(Section.ANSWER);
    ByteBuffer.wrap(wire).putInt(each.getName().length() + TTL_OFFSET, (int) seconds);
    try {
      return Record.fromWire(wire, Section.ANSWER);
    } catch (IOException cannotBe) {
      throw new IllegalStateException("a record that was read before cannot be read", cannotBe);
    }
  }
}
