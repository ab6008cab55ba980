package io.naru.dns.server;

import io.naru.dns.message.Answer;
import io.naru.dns.server.Incoming.Header;
import io.naru.dns.server.Incoming.Request;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers as messages. */
final class Outgoing {
  /** What fits the length in front of a message over TCP: RFC 1035, section 4.2.2. */
  static final int LARGEST_OVER_TCP = 65535;

  /** A name that points elsewhere, type, class, time to live, and no data. */
  private static final int SMALLEST_RECORD = 12;

  private Outgoing() {}

  /** A header alone. */
  static byte[] header(Header header, int rcode) {
    byte[] bytes = new byte[Incoming.HEADER];
    bytes[0] = (byte) (header.id() >> 8);
    bytes[1] = (byte) header.id();
    bytes[2] = (byte) (0x80 | header.opcode() << 3 | (header.wantsRecursion() ? 1 : 0));
    bytes[3] = (byte) (0x80 | rcode);
    return bytes;
  }

  /** A code and no records. */
  static byte[] failure(Request request, int rcode) {
    return message(request, Answer.failure(rcode), 0, Incoming.LARGEST);
  }

  /**
   * An answer as a message; one that does not fit is cut and says so.
   *
   * @param turn addresses begin with that one, so that not everybody takes the same
   * @param size bytes it may have
   */
  static byte[] message(Request request, Answer answer, int turn, int size) {
    List<Record> answers = turned(answer.answers(), request.question().type(), turn);
    if (answers.size() * SMALLEST_RECORD <= size) {
      byte[] whole = message(request, answer, answers, false);
      if (whole.length <= size) {
        return whole;
      }
      byte[] bare = message(request, answer.withoutAdditional(), answers, false);
      if (bare.length <= size) {
        return bare;
      }
    }
    return cut(request, answer, answers, size);
  }

  /** As many records as fit, since some askers make do with them: not all of them speak TCP. */
  private static byte[] cut(Request request, Answer answer, List<Record> answers, int size) {
    Answer rest = answer.withoutAuthority();
    byte[] best = message(request, rest, List.of(), true);
    int fits = 0;
    int tooMany = Math.min(answers.size(), size / SMALLEST_RECORD) + 1;
    while (tooMany - fits > 1) {
      int count = (fits + tooMany) >>> 1;
      byte[] tried = message(request, rest, answers.subList(0, count), true);
      if (tried.length <= size) {
        best = tried;
        fits = count;
      } else {
        tooMany = count;
      }
    }
    return best;
  }

  private static byte[] message(
      Request request, Answer answer, List<Record> answers, boolean isCut) {
    Message message = new Message(request.header().id());
    message.getHeader().setOpcode(Opcode.QUERY);
    set(message, Flags.QR, true);
    set(message, Flags.AA, answer.authoritative());
    set(message, Flags.TC, isCut);
    set(message, Flags.RD, request.header().wantsRecursion());
    set(message, Flags.RA, true);
    set(message, Flags.CD, request.header().checksItself());
    boolean tells = request.header().authenticated() || request.question().wantsSignatures();
    set(message, Flags.AD, answer.authenticated() && tells);
    message.getHeader().setRcode(answer.rcode() & 0xf);
    message.addRecord(request.asked(), Section.QUESTION);
    answers.forEach(each -> message.addRecord(each, Section.ANSWER));
    answer.authority().forEach(each -> message.addRecord(each, Section.AUTHORITY));
    answer.additional().forEach(each -> message.addRecord(each, Section.ADDITIONAL));
    if (request.extended()) {
      int flags = request.question().wantsSignatures() ? ExtendedFlags.DO : 0;
      message.addRecord(
          new OPTRecord(Incoming.LARGEST, answer.rcode() >> 4, 0, flags), Section.ADDITIONAL);
    } else if (answer.rcode() > 0xf) {
      message.getHeader().setRcode(Rcode.SERVFAIL);
    }
    return message.toWire(LARGEST_OVER_TCP);
  }

  private static void set(Message message, int flag, boolean value) {
    if (value) {
      message.getHeader().setFlag(flag);
    }
  }

  /** How many different turns there are. */
  static int turns(Answer answer, int type) {
    if (type != Type.A && type != Type.AAAA) {
      return 1;
    }
    int count = 0;
    for (Record each : answer.answers()) {
      count += each.getType() == type ? 1 : 0;
    }
    return Math.max(1, count);
  }

  private static List<Record> turned(List<Record> records, int type, int turn) {
    if (turn == 0) {
      return records;
    }
    List<Record> others = new ArrayList<>();
    List<Record> addresses = new ArrayList<>();
    records.forEach(each -> (each.getType() == type ? addresses : others).add(each));
    Collections.rotate(addresses, -turn);
    others.addAll(addresses);
    return others;
  }
}
