package io.naru.dns.server;

import io.naru.dns.message.Known;
import io.naru.dns.message.Known.Validity;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.xbill.DNS.Type;

/**
 * An answer as the bytes that went out, to go out again: to the next who asks the same, with their
 * id and their letters, and with what is left of its time to live.
 */
final class Encoded {
  private static final long SECOND = 1_000_000_000L;

  final byte[] key;
  final Known.Origin origin;
  private final Validity validity;
  private final List<byte[]> turns;
  private final List<int[]> ttls;
  private int next;

  /**
   * @param key what was asked, as {@link Table} writes it
   * @param turns the same answer with other addresses first
   */
  Encoded(byte[] key, Known known, List<byte[]> turns) {
    this.key = key;
    this.origin = known.origin();
    this.validity = known.validity();
    this.turns = turns;
    this.ttls = turns.stream().map(Encoded::ttls).toList();
  }

  /** Whether it may be given out. */
  boolean isValid(Object generation, long now) {
    return switch (validity) {
      case Validity.Once() -> false;
      case Validity.Generation(Object own) -> own == generation;
      case Validity.Until(long given, long until) -> now - until < 0;
    };
  }

  /**
   * Writes the answer.
   *
   * @param query whose id and question it takes over
   * @param questionEnd where that question ends
   */
  void write(byte[] query, int questionEnd, long now, ByteBuffer out) {
    int turn = next;
    next = turn + 1 == turns.size() ? 0 : turn + 1;
    byte[] message = turns.get(turn);
    out.put(message);
    out.put(0, query, 0, 2);
    out.put(Incoming.HEADER, query, Incoming.HEADER, questionEnd - Incoming.HEADER);
    if (validity instanceof Validity.Until(long given, long until)) {
      int age = (int) ((now - given) / SECOND);
      if (age > 0) {
        for (int at : ttls.get(turn)) {
          out.putInt(at, Math.max(0, out.getInt(at) - age));
        }
      }
    }
  }

  /** Where the times to live stand in a message of ours; EDNS' record has none. */
  private static int[] ttls(byte[] message) {
    ByteBuffer in = ByteBuffer.wrap(message);
    int questions = in.getShort(4) & 0xffff;
    int records =
        (in.getShort(6) & 0xffff) + (in.getShort(8) & 0xffff) + (in.getShort(10) & 0xffff);
    in.position(Incoming.HEADER);
    for (int i = 0; i < questions; i++) {
      skipName(in);
      in.position(in.position() + 4);
    }
    List<Integer> found = new ArrayList<>();
    for (int i = 0; i < records; i++) {
      skipName(in);
      int type = in.getShort() & 0xffff;
      in.getShort();
      if (type != Type.OPT) {
        found.add(in.position());
      }
      in.getInt();
      in.position(in.position() + 2 + (in.getShort(in.position()) & 0xffff));
    }
    return found.stream().mapToInt(Integer::intValue).toArray();
  }

  private static void skipName(ByteBuffer in) {
    while (true) {
      int length = in.get() & 0xff;
      if (length == 0) {
        return;
      }
      if (length >= 0xc0) {
        in.get();
        return;
      }
      in.position(in.position() + length);
    }
  }

  /** Bytes of the heap that it takes, about. */
  int size() {
    int size = 160 + key.length;
    for (int i = 0; i < turns.size(); i++) {
      size += 80 + turns.get(i).length + 4 * ttls.get(i).length;
    }
    return size;
  }

  /** Whether it is the answer to what is asked. */
  boolean answers(byte[] scratch, int length) {
    return Arrays.equals(key, 0, key.length, scratch, 0, length);
  }
}
