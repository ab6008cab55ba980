package io.naru.dns.server;

import io.naru.dns.message.Known;
import io.naru.dns.server.Incoming.Request;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xbill.DNS.Rcode;

/**
 * One client's connection, served by a virtual thread: a question after the other (RFC 7766). It
 * has a deadline for each question to arrive and each answer to be taken, which bytes that trickle
 * do not move; {@link TcpConnections} closes it then.
 */
final class TcpConnection implements Runnable {
  /** A query is a few hundred bytes; who announces more is not served. */
  private static final int LARGEST_QUERY = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(TcpConnection.class);

  private final SocketChannel channel;
  private final InetAddress client;
  private final Access access;
  private final TcpConnections connections;
  private volatile long deadline;

  TcpConnection(
      SocketChannel channel, InetAddress client, Access access, TcpConnections connections) {
    this.channel = channel;
    this.client = client;
    this.access = access;
    this.connections = connections;
    this.deadline = connections.newDeadline();
  }

  InetAddress client() {
    return client;
  }

  /** On {@link System#nanoTime}. */
  long deadline() {
    return deadline;
  }

  @Override
  public void run() {
    try (channel) {
      while (true) {
        connections.used(this);
        deadline = connections.newDeadline();
        byte[] length = read(2);
        if (length == null) {
          return;
        }
        int bytes = (length[0] & 0xff) << 8 | length[1] & 0xff;
        if (bytes > LARGEST_QUERY) {
          access.counters().malformed.increment();
          return;
        }
        byte[] query = read(bytes);
        if (query == null) {
          return;
        }
        // Who answers has its own bounds of time.
        deadline = Long.MAX_VALUE / 2 + System.nanoTime();
        byte[] answer = answer(query, bytes);
        if (answer == null) {
          return;
        }
        deadline = connections.newDeadline();
        write(answer);
      }
    } catch (IOException gone) {
      LOG.trace("A DNS client went", gone); // as they like
    } catch (RuntimeException e) {
      LOG.debug("A DNS query was not handled", e);
    } finally {
      connections.ended(this);
    }
  }

  private byte @Nullable [] read(int count) throws IOException {
    byte[] bytes = new byte[count];
    ByteBuffer buffer = ByteBuffer.wrap(bytes);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer) < 0) {
        return null;
      }
    }
    return bytes;
  }

  private void write(byte[] message) throws IOException {
    ByteBuffer framed = ByteBuffer.allocate(message.length + 2);
    framed.putShort((short) message.length).put(message).flip();
    while (framed.hasRemaining()) {
      channel.write(framed);
    }
  }

  private byte @Nullable [] answer(byte[] bytes, int length) {
    access.counters().queries.increment();
    return switch (Incoming.read(bytes, length)) {
      case Incoming.Noise() -> {
        access.counters().malformed.increment();
        yield null;
      }
      case Incoming.Unreadable(Incoming.Header header, int rcode) -> {
        access.counters().malformed.increment();
        yield Outgoing.header(header, rcode);
      }
      case Request request -> answer(request);
    };
  }

  private byte[] answer(Request request) {
    if (request.refusal() != Rcode.NOERROR) {
      return Outgoing.failure(request, request.refusal());
    }
    Known known = access.responder().known(request.question());
    if (known == null) {
      return access.find(request, Outgoing.LARGEST_OVER_TCP);
    }
    access.counters().answered(known.origin());
    int turn = access.turn(known.answer(), request);
    return Outgoing.message(request, known.answer(), turn, Outgoing.LARGEST_OVER_TCP);
  }

  /** Ends it, from another thread. */
  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is gone.
    }
  }
}
