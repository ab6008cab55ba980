package io.naru.dns.server;

import io.naru.dns.message.Known;
import io.naru.dns.server.Incoming.Request;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.xbill.DNS.Rcode;

/**
 * From a datagram to its answer, for the one thread that receives. What went out before goes out
 * again as bytes, which is where nearly all queries end; the rest is read and written by dnsjava.
 */
final class Replier {
  /** So many different orders of an answer's addresses are given in turn. */
  private static final int MOST_TURNS = 8;

  private final Access access;
  private final ByteBuffer out = ByteBuffer.allocateDirect(Incoming.LARGEST);
  private volatile Table table = new Table();

  Replier(Access access) {
    this.access = access;
  }

  /** Forgets the answers that went out; from any thread. */
  void forget() {
    table = new Table();
  }

  /**
   * The answer to a datagram.
   *
   * @param later is handed a question for which somebody has to be asked
   * @return to be sent before the next call, or null if there is none, or it comes later
   */
  @Nullable ByteBuffer reply(byte[] query, int length, Consumer<Request> later) {
    Table current = table;
    boolean plain = current.look(query, length);
    if (plain) {
      long now = access.clock().getAsLong();
      Encoded kept = current.find(access.responder().generation(), now);
      if (kept != null) {
        access.counters().answered(kept.origin);
        out.clear();
        kept.write(query, current.questionEnd(), now, out);
        return out.flip();
      }
    }
    return switch (Incoming.read(query, length)) {
      case Incoming.Noise() -> {
        access.counters().malformed.increment();
        yield null;
      }
      case Incoming.Unreadable(Incoming.Header header, int rcode) -> {
        access.counters().malformed.increment();
        yield ByteBuffer.wrap(Outgoing.header(header, rcode));
      }
      case Request request -> answer(request, plain ? current : null, later);
    };
  }

  private @Nullable ByteBuffer answer(
      Request request, @Nullable Table current, Consumer<Request> later) {
    if (request.refusal() != Rcode.NOERROR) {
      return ByteBuffer.wrap(Outgoing.failure(request, request.refusal()));
    }
    Known known = access.responder().known(request.question());
    if (known == null) {
      later.accept(request);
      return null;
    }
    access.counters().answered(known.origin());
    byte[] message = Outgoing.message(request, known.answer(), 0, request.size());
    if (current != null && message.length <= Table.LONGEST_ANSWER) {
      keep(request, known, message, current);
    }
    return ByteBuffer.wrap(message);
  }

  private static void keep(Request request, Known known, byte[] first, Table table) {
    if (known.validity() instanceof Known.Validity.Once) {
      return;
    }
    int turns = Outgoing.turns(known.answer(), request.question().type());
    List<byte[]> messages = new ArrayList<>(List.of(first));
    int kept = Math.min(MOST_TURNS, turns);
    for (int i = 1; i < kept; i++) {
      // Of very many addresses every part has its turn at the front.
      int turn = turns * i / kept;
      messages.add(Outgoing.message(request, known.answer(), turn, request.size()));
    }
    table.put(new Encoded(table.key(), known, messages));
  }
}
