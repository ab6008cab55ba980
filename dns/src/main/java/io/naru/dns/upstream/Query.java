package io.naru.dns.upstream;

import io.naru.dns.message.Question;
import java.io.IOException;
import java.util.Random;
import org.xbill.DNS.DClass;
import org.xbill.DNS.ExtendedFlags;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;

/**
 * A question as it is sent once: under a random id and, against those who guess, with letters whose
 * case is random (draft-vixie-dnsext-dns0x20).
 */
final class Query {
  /** The length of a header: RFC 1035, section 4.1.1. */
  static final int HEADER = 12;

  /** What fits a path of 1280 bytes, so that answers are never cut into fragments. */
  static final int UDP_SIZE = 1232;

  private static final int TYPE_AND_CLASS = 4;

  private final Question question;
  private final int id;
  private final byte[] bytes;
  private final int questionEnd;

  private Query(Question question, int id, byte[] bytes, int questionEnd) {
    this.question = question;
    this.id = id;
    this.bytes = bytes;
    this.questionEnd = questionEnd;
  }

  Question question() {
    return question;
  }

  /** 16 bits. */
  int id() {
    return id;
  }

  /** The message; not a copy. */
  byte[] bytes() {
    return bytes;
  }

  /** Where the question section ends in it. */
  int questionEnd() {
    return questionEnd;
  }

  /** How a query is written. */
  record Form(boolean mixesCase, boolean extended) {}

  /** A query; {@code random} must be one that nobody can foretell. */
  static Query of(Question question, Form form, Random random) {
    Name name = form.mixesCase() ? mixed(question.name(), random) : question.name();
    Message message = new Message(random.nextInt(1 << 16));
    message.getHeader().setFlag(Flags.RD);
    if (question.checksItself()) {
      message.getHeader().setFlag(Flags.CD);
    }
    message.addRecord(Record.newRecord(name, question.type(), DClass.IN), Section.QUESTION);
    if (form.extended()) {
      int flags = question.wantsSignatures() ? ExtendedFlags.DO : 0;
      message.addRecord(new OPTRecord(UDP_SIZE, 0, 0, flags), Section.ADDITIONAL);
    }
    return new Query(
        question,
        message.getHeader().getID(),
        message.toWire(),
        HEADER + name.length() + TYPE_AND_CLASS);
  }

  /** The lengths of labels are below 64, and letters above: every letter found is one. */
  private static Name mixed(Name name, Random random) {
    byte[] wire = name.toWire();
    for (int i = 0; i < wire.length; i++) {
      int small = wire[i] | 0x20;
      if (small >= 'a' && small <= 'z') {
        wire[i] = (byte) (random.nextBoolean() ? small : small & ~0x20);
      }
    }
    try {
      return new Name(wire);
    } catch (IOException impossible) {
      throw new IllegalStateException("a name in other letters is no name", impossible);
    }
  }
}
