package io.naru.dns.server;

import io.naru.core.address.IpAddress;
import io.naru.dns.message.Known;
import io.naru.dns.server.Incoming.Request;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/**
 * One address' socket for UDP. Its thread answers what is known; what must be asked for waits on a
 * virtual thread. A thread of its own sends what these found: were they to use the channel, the JDK
 * would make it non-blocking, and each packet received would cost a call more.
 */
final class UdpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(UdpListener.class);

  /** A query is a few hundred bytes at most; the kernel cuts what is longer. */
  private static final int BUFFER = 4096;

  /** So many bytes of queries may wait while the thread is busy; the kernel may grant less. */
  private static final int WAITING_BYTES = 1 << 20;

  private final Access access;
  private final DatagramChannel channel;
  private final ExecutorService sender;
  private final Thread receiver;
  private final ByteBuffer in = ByteBuffer.allocateDirect(BUFFER);
  private final ByteBuffer out = ByteBuffer.allocateDirect(BUFFER);
  private final byte[] query = new byte[BUFFER];
  private volatile Table table = new Table();

  private UdpListener(DatagramChannel channel, Access access, String name) {
    this.channel = channel;
    this.access = access;
    this.receiver = Thread.ofPlatform().daemon().name("naru-dns-" + name).unstarted(this::receive);
    this.sender =
        Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("naru-dns-late-" + name).factory());
  }

  /** Opens the socket in the network namespace of the calling thread. */
  static UdpListener open(InetSocketAddress address, Access access) throws IOException {
    DatagramChannel channel = DatagramChannel.open(Access.family(address));
    try {
      channel.setOption(StandardSocketOptions.SO_RCVBUF, WAITING_BYTES);
      channel.bind(address);
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
    return new UdpListener(channel, access, IpAddress.of(address.getAddress()).toString());
  }

  void start() {
    receiver.start();
  }

  InetSocketAddress address() throws IOException {
    return (InetSocketAddress) channel.getLocalAddress();
  }

  /** Forgets the answers that went out. */
  void forget() {
    table = new Table();
  }

  private void receive() {
    while (channel.isOpen()) {
      try {
        in.clear();
        if (channel.receive(in) instanceof InetSocketAddress from) {
          in.flip();
          int length = in.remaining();
          in.get(query, 0, length);
          handle(length, from);
        }
      } catch (ClosedChannelException closed) {
        return;
      } catch (IOException | RuntimeException e) {
        // One packet is no reason to stop.
        LOG.debug("A DNS query was not handled", e);
      }
    }
  }

  private void handle(int length, InetSocketAddress from) {
    ServerCounters counters = access.counters();
    counters.queries.increment();
    if (from.getPort() == 0 || !access.mayAsk(from.getAddress())) {
      counters.refused.increment();
      return;
    }
    Table current = table;
    boolean plain = current.look(query, length);
    long now = access.clock().getAsLong();
    if (plain) {
      Encoded kept = current.find(access.responder().generation(), now);
      if (kept != null) {
        counters.answered(kept.origin);
        out.clear();
        kept.write(query, current.questionEnd(), now, out);
        send(out.flip(), from);
        return;
      }
    }
    switch (Incoming.read(query, length)) {
      case Incoming.Noise() -> counters.malformed.increment();
      case Incoming.Unreadable(Incoming.Header header, int rcode) -> {
        counters.malformed.increment();
        send(ByteBuffer.wrap(Outgoing.header(header, rcode)), from);
      }
      case Request request -> answer(request, from, plain ? current : null);
    }
  }

  private void answer(Request request, InetSocketAddress from, @Nullable Table current) {
    if (request.refusal() != Rcode.NOERROR) {
      send(ByteBuffer.wrap(Outgoing.failure(request, request.refusal())), from);
      return;
    }
    Known known = access.responder().known(request.question());
    if (known == null) {
      ask(request, from);
      return;
    }
    access.counters().answered(known.origin());
    byte[] message = Outgoing.message(request, known.answer(), 0, request.size());
    if (current != null && message.length <= Table.LONGEST_ANSWER) {
      keep(request, known, message, current);
    }
    send(ByteBuffer.wrap(message), from);
  }

  private static void keep(Request request, Known known, byte[] first, Table table) {
    if (known.validity() instanceof Known.Validity.Once) {
      return;
    }
    int turns =
        Math.min(Access.MOST_TURNS, Outgoing.turns(known.answer(), request.question().type()));
    List<byte[]> messages = new ArrayList<>(List.of(first));
    for (int turn = 1; turn < turns; turn++) {
      messages.add(Outgoing.message(request, known.answer(), turn, request.size()));
    }
    table.put(new Encoded(table.key(), known, messages));
  }

  private void ask(Request request, InetSocketAddress from) {
    boolean taken =
        access.later(
            () -> {
              Known found = access.responder().find(request.question());
              access.counters().answered(found.origin());
              int turn = access.turn(found.answer(), request);
              byte[] message = Outgoing.message(request, found.answer(), turn, request.size());
              try {
                sender.execute(() -> send(ByteBuffer.wrap(message), from));
              } catch (RejectedExecutionException closed) {
                access.counters().unsent.increment();
              }
            });
    if (!taken) {
      send(ByteBuffer.wrap(Outgoing.failure(request, Rcode.SERVFAIL)), from);
    }
  }

  private void send(ByteBuffer message, InetSocketAddress to) {
    try {
      channel.send(message, to);
    } catch (IOException e) {
      // The asker may be gone, or have no route.
      access.counters().unsent.increment();
    }
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      LOG.debug("A DNS socket was not closed", e);
    }
    sender.shutdownNow();
  }
}
