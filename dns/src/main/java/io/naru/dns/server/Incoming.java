package io.naru.dns.server;

import io.naru.dns.message.Question;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What somebody sent, read with bounds. */
sealed interface Incoming {
  /** It deserves no answer: too short, or itself an answer. */
  record Noise() implements Incoming {}

  /**
   * It cannot be served.
   *
   * @param header who sent it is told the code in a header alone
   */
  record Unreadable(Header header, int rcode) implements Incoming {}

  /**
   * A question that is understood.
   *
   * @param asked the question section's record, in the letters of the asker
   * @param size bytes that the asker takes over UDP
   * @param extended whether it speaks EDNS
   * @param refusal {@link Rcode#NOERROR}, or why it is not served
   */
  record Request(
      Header header, Record asked, Question question, int size, boolean extended, int refusal)
      implements Incoming {}

  /**
   * What is taken over from a query's header.
   *
   * @param id 16 bits
   * @param authenticated whether the bit AD is set: the asker wants to know it (RFC 6840, 5.7)
   */
  record Header(
      int id, int opcode, boolean wantsRecursion, boolean authenticated, boolean checksItself) {}

  /** RFC 1035, section 4.1.1. */
  int HEADER = 12;

  /** Without EDNS: RFC 1035, section 2.3.4. */
  int SMALLEST = 512;

  /** Answers are never cut into fragments on a path of 1280 bytes: DNS flag day 2020. */
  int LARGEST = 1232;

  /** A query has a question, and at most EDNS and a signature besides. */
  int MOST_RECORDS = 4;

  /** RFC 6895, section 3.1: types from here to 255 are for questions alone. */
  int FIRST_QUESTION_TYPE = 128;

  /** Reads a message. */
  static Incoming read(byte[] bytes, int length) {
    if (length < HEADER || (bytes[2] & 0x80) != 0) {
      return new Noise();
    }
    Header header = header(bytes);
    if (header.opcode() != Opcode.QUERY) {
      return new Unreadable(header, Rcode.NOTIMP);
    }
    int others = number(bytes, 6) + number(bytes, 8) + number(bytes, 10);
    if (number(bytes, 4) != 1 || others > MOST_RECORDS) {
      return new Unreadable(header, Rcode.FORMERR);
    }
    try {
      return request(header, new Message(Arrays.copyOf(bytes, length)));
    } catch (IOException | RuntimeException malformed) {
      return new Unreadable(header, Rcode.FORMERR);
    }
  }

  private static int number(byte[] bytes, int at) {
    return (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
  }

  private static Header header(byte[] bytes) {
    return new Header(
        number(bytes, 0),
        bytes[2] >> 3 & 0xf,
        (bytes[2] & 1) != 0,
        (bytes[3] & 0x20) != 0,
        (bytes[3] & 0x10) != 0);
  }

  private static Incoming request(Header header, Message message) {
    Record asked = message.getQuestion();
    List<Record> extensions =
        message.getSection(Section.ADDITIONAL).stream()
            .filter(each -> each instanceof OPTRecord)
            .toList();
    if (asked == null || message.getHeader().getFlag(Flags.TC) || extensions.size() > 1) {
      return new Unreadable(header, Rcode.FORMERR);
    }
    boolean extended = !extensions.isEmpty();
    int size = SMALLEST;
    boolean wantsSignatures = false;
    int refusal = refusal(asked);
    if (extended && extensions.getFirst() instanceof OPTRecord options) {
      size = Math.clamp(options.getPayloadSize(), SMALLEST, LARGEST);
      wantsSignatures = (options.getFlags() & ExtendedFlags.DO) != 0;
      refusal = options.getVersion() == 0 ? refusal : Rcode.BADVERS;
    }
    Question question =
        new Question(asked.getName(), asked.getType(), wantsSignatures, header.checksItself());
    return new Request(header, asked, question, size, extended, refusal);
  }

  private static int refusal(Record asked) {
    int type = asked.getType();
    if (asked.getDClass() != DClass.IN || type == Type.AXFR || type == Type.IXFR) {
      return Rcode.REFUSED;
    }
    boolean isForQuestions =
        type == 0 || type == Type.OPT || type >= FIRST_QUESTION_TYPE && type < Type.ANY;
    return isForQuestions ? Rcode.NOTIMP : Rcode.NOERROR;
  }
}
