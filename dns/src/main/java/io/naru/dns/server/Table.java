package io.naru.dns.server;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Answers as they went out, by the bytes of the query but for its id and the case of its letters.
 * Of a fixed size; for one thread.
 */
final class Table {
  private static final int SLOT_BITS = 14;

  /** Room for the names of a large cluster, when all of them are in use on this node. */
  private static final int SLOTS = 1 << SLOT_BITS;

  private static final int WAYS = 4;

  /** Longer queries carry something particular: they are not asked again the same. */
  private static final int LONGEST_KEY = 320;

  /** Longer answers are rare, and would make the table large. */
  static final int LONGEST_ANSWER = 768;

  /** Bytes of the heap that all answers may take: queries that differ in trifles are many. */
  static final long MOST_BYTES = 4 << 20;

  /** EDNS' record without options: RFC 6891, section 6.1.2. */
  private static final int PLAIN_OPTIONS = 11;

  private static final int TYPE_AND_CLASS = 4;

  private final @Nullable Encoded[] slots = new Encoded[SLOTS];
  private final byte[] scratch = new byte[LONGEST_KEY];
  private int length;
  private int hash;
  private int questionEnd;
  private int victim;
  private long bytes;
  private int hand;

  /**
   * Looks at a query; the other methods are about the query looked at last.
   *
   * @return whether it is of the plain form that is kept here
   */
  boolean look(byte[] query, int queryLength) {
    int at = Incoming.HEADER;
    while (at < queryLength && query[at] > 0) {
      at += query[at] + 1;
    }
    questionEnd = at + 1 + TYPE_AND_CLASS;
    int rest = queryLength - questionEnd;
    if (at >= queryLength
        || query[at] != 0
        || rest != 0 && rest != PLAIN_OPTIONS
        || queryLength - 2 > LONGEST_KEY) {
      return false;
    }
    length = queryLength - 2;
    System.arraycopy(query, 2, scratch, 0, length);
    // Lengths of labels are below 64, so what is a capital letter here is a letter.
    for (int i = Incoming.HEADER - 2; i < at - 2; i++) {
      byte b = scratch[i];
      if (b >= 'A' && b <= 'Z') {
        scratch[i] = (byte) (b | 0x20);
      }
    }
    int mixed = 1;
    for (int i = 0; i < length; i++) {
      mixed = mixed * 31 + scratch[i];
    }
    hash = mixed * 0x9e37_79b9 >>> 32 - SLOT_BITS;
    return true;
  }

  /** Where the question of the query ends. */
  int questionEnd() {
    return questionEnd;
  }

  /** The answer that was given to the same query, if it may be given again. */
  @Nullable Encoded find(Object generation, long now) {
    for (int way = 0; way < WAYS; way++) {
      Encoded each = slots[hash + way & SLOTS - 1];
      if (each != null && each.answers(scratch, length)) {
        return each.isValid(generation, now) ? each : null;
      }
    }
    return null;
  }

  /** A key of the query, for an answer that is put. */
  byte[] key() {
    return Arrays.copyOf(scratch, length);
  }

  /** Keeps an answer to the query, in place of an older one. */
  void put(Encoded answer) {
    int free = hash + (victim++ & WAYS - 1);
    for (int way = WAYS - 1; way >= 0; way--) {
      Encoded each = slots[hash + way & SLOTS - 1];
      if (each == null || each.answers(scratch, length)) {
        free = hash + way;
      }
      if (each != null && each.answers(scratch, length)) {
        break;
      }
    }
    replace(free & SLOTS - 1, answer);
    while (bytes > MOST_BYTES) {
      hand = hand + 1 & SLOTS - 1;
      if (hand != (free & SLOTS - 1)) {
        replace(hand, null);
      }
    }
  }

  private void replace(int slot, @Nullable Encoded answer) {
    Encoded before = slots[slot];
    bytes += (answer == null ? 0 : answer.size()) - (before == null ? 0 : before.size());
    slots[slot] = answer;
  }

  /** Bytes that the answers take. */
  long bytes() {
    return bytes;
  }
}
