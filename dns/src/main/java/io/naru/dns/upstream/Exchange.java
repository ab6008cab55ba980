package io.naru.dns.upstream;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.concurrent.TimeUnit;

/** A query sent, and its answer awaited, over a socket of its own. */
final class Exchange {
  /** Larger than what is asked for: some do not keep to it. */
  private static final int BUFFER = 4096;

  /** After so many wrong answers somebody is guessing: TCP is then the way. */
  private static final int MOST_FOREIGN = 100;

  private Exchange() {}

  /**
   * Over UDP. The socket is opened for this query, so the kernel chooses a random port, and
   * connected, so nobody else's answers arrive.
   */
  static Reply overUdp(InetSocketAddress to, Query query, long timeoutMillis) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(to);
      socket.send(new DatagramPacket(query.bytes(), query.bytes().length));
      DatagramPacket packet = new DatagramPacket(new byte[BUFFER], BUFFER);
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
      for (int foreign = 0; foreign < MOST_FOREIGN; foreign++) {
        socket.setSoTimeout(remaining(deadline));
        packet.setLength(BUFFER);
        socket.receive(packet);
        Reply reply = Reply.of(query, packet.getData(), packet.getLength());
        if (!(reply instanceof Reply.Foreign)) {
          return reply;
        }
      }
      return new Reply.Foreign();
    }
  }

  /** Over TCP: RFC 7766. */
  static Reply overTcp(InetSocketAddress to, Query query, long timeoutMillis) throws IOException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMillis);
    try (Socket socket = new Socket()) {
      socket.connect(to, remaining(deadline));
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      byte[] framed = new byte[query.bytes().length + 2];
      framed[0] = (byte) (query.bytes().length >> 8);
      framed[1] = (byte) query.bytes().length;
      System.arraycopy(query.bytes(), 0, framed, 2, query.bytes().length);
      out.write(framed);
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] length = read(socket, in, 2, deadline);
      byte[] bytes = read(socket, in, (length[0] & 0xff) << 8 | length[1] & 0xff, deadline);
      return Reply.of(query, bytes, bytes.length);
    }
  }

  private static byte[] read(Socket socket, DataInputStream in, int count, long deadline)
      throws IOException {
    byte[] bytes = new byte[count];
    for (int at = 0; at < count; ) {
      socket.setSoTimeout(remaining(deadline));
      int got = in.read(bytes, at, count - at);
      if (got < 0) {
        throw new IOException("the connection ended before the answer");
      }
      at += got;
    }
    return bytes;
  }

  private static int remaining(long deadline) throws SocketTimeoutException {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    if (millis < 1) {
      throw new SocketTimeoutException("no answer in time");
    }
    return (int) millis;
  }
}
