package io.naru.dns.upstream;

import io.naru.dns.message.Answer;
import io.naru.dns.message.Question;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.DNAMERecord;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Opcode;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/** What came back to a query, judged. */
sealed interface Reply {
  /** It answers another question, or is no message: somebody guesses, or it comes too late. */
  record Foreign() implements Reply {}

  /** It answers the question, written in other letters. */
  record OtherCase() implements Reply {}

  /** It answers the question, and not all of it fitted. */
  record Cut() implements Reply {}

  /** It answers the question. */
  record Whole(Answer answer) implements Reply {}

  /** So often an answer may lead on to another name. */
  int LONGEST_CHAIN = 16;

  /** Judges what came from the upstream's address and port. */
  static Reply of(Query query, byte[] bytes, int length) {
    if (length < Query.HEADER
        || ((bytes[0] & 0xff) << 8 | bytes[1] & 0xff) != query.id()
        || (bytes[2] & 0x80) == 0) {
      return new Foreign();
    }
    byte[] message = Arrays.copyOf(bytes, length);
    boolean sameLetters = sameLetters(query, message);
    if (sameLetters) {
      // Names that point to the question then have the letters that were asked for, not ours.
      byte[] name = query.question().name().toWire();
      System.arraycopy(name, 0, message, Query.HEADER, name.length);
    }
    try {
      return of(query, sameLetters, new Message(message));
    } catch (IOException | RuntimeException malformed) {
      return new Foreign();
    }
  }

  private static Reply of(Query query, boolean sameLetters, Message message) throws IOException {
    if (message.getHeader().getOpcode() != Opcode.QUERY) {
      return new Foreign();
    }
    List<Record> asked = message.getSection(Section.QUESTION);
    if (asked.isEmpty() && isRefusalOfForm(message.getRcode())) {
      // Servers that cannot read a query may leave the question out.
      return new Whole(Answer.failure(message.getRcode()));
    }
    Question question = query.question();
    if (asked.size() != 1
        || !asked.getFirst().getName().equals(question.name())
        || asked.getFirst().getType() != question.type()
        || asked.getFirst().getDClass() != DClass.IN) {
      return new Foreign();
    }
    if (!sameLetters) {
      return new OtherCase();
    }
    return message.getHeader().getFlag(Flags.TC) ? new Cut() : new Whole(answer(question, message));
  }

  static boolean isRefusalOfForm(int rcode) {
    return rcode == Rcode.FORMERR || rcode == Rcode.NOTIMP || rcode == Rcode.BADVERS;
  }

  private static boolean sameLetters(Query query, byte[] bytes) {
    int end = query.questionEnd();
    return bytes.length >= end
        && Arrays.equals(bytes, Query.HEADER, end, query.bytes(), Query.HEADER, end);
  }

  /** What has to do with the question; nobody here makes use of the rest. */
  private static Answer answer(Question question, Message message) throws IOException {
    List<Record> answers = chain(question.name(), message.getSection(Section.ANSWER));
    boolean positive = message.getRcode() == Rcode.NOERROR && endsWell(question, answers);
    List<Record> authority =
        message.getSection(Section.AUTHORITY).stream()
            .filter(each -> each.getDClass() == DClass.IN)
            .filter(each -> !positive || question.wantsSignatures())
            .toList();
    return new Answer(
        message.getRcode(),
        false,
        message.getHeader().getFlag(Flags.AD),
        written(answers),
        written(authority),
        List.of());
  }

  /** Some records can be read and not be written again: they would fail whoever keeps them. */
  private static List<Record> written(List<Record> records) throws IOException {
    List<Record> written = new ArrayList<>(records.size());
    for (Record each : records) {
      written.add(Record.fromWire(each.toWire(Section.ANSWER), Section.ANSWER));
    }
    return written;
  }

  private static boolean endsWell(Question question, List<Record> answers) {
    return answers.stream().anyMatch(each -> each.getType() == question.type());
  }

  /** The records of the name that was asked for, and of those that it leads on to. */
  private static List<Record> chain(Name asked, List<Record> records) {
    Set<Name> names = new HashSet<>(Set.of(asked));
    for (int i = 0, before = 0; i < LONGEST_CHAIN && names.size() != before; i++) {
      before = names.size();
      for (Record each : records) {
        if (each instanceof CNAMERecord alias && names.contains(alias.getName())) {
          names.add(alias.getTarget());
        }
      }
    }
    List<Record> kept = new ArrayList<>();
    for (Record each : records) {
      boolean ofChain = names.contains(each.getName()) || isAbove(each, names);
      if (each.getDClass() == DClass.IN && ofChain) {
        kept.add(each);
      }
    }
    return kept;
  }

  /** RFC 6672: a DNAME record stands above the names that it renames. */
  private static boolean isAbove(Record record, Set<Name> names) {
    return record instanceof DNAMERecord
        && names.stream().anyMatch(name -> name.subdomain(record.getName()));
  }
}
