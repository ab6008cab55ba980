package io.naru.bench;

import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/**
 * Asks a server in a pod for the address of one name.
 *
 * @param address what is right
 */
record NameProbe(DatagramSocket socket, Name name, String address) implements AutoCloseable {
  private static final int PORT = 53;
  private static final int LARGEST = 1500;

  /** An answer takes less than one; while nobody listens the kernel says so sooner. */
  private static final int PATIENCE_MILLIS = 20;

  /** How a question ended. */
  enum Outcome {
    RIGHT,
    WRONG,
    SILENCE
  }

  static NameProbe open(String namespace, String server, String name, String address) {
    try (NetworkNamespace pod = NetworkNamespace.open(namespace)) {
      DatagramSocket socket = pod.call(() -> new DatagramSocket());
      socket.connect(new InetSocketAddress(InetAddress.getByName(server), PORT));
      socket.setSoTimeout(PATIENCE_MILLIS);
      return new NameProbe(socket, Name.fromString(name + "."), address);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  Outcome ask() {
    try {
      Message query = Message.newQuery(Record.newRecord(name, Type.A, DClass.IN));
      byte[] bytes = query.toWire();
      socket.send(new DatagramPacket(bytes, bytes.length));
      while (true) {
        DatagramPacket packet = new DatagramPacket(new byte[LARGEST], LARGEST);
        socket.receive(packet);
        Message answer = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        if (answer.getHeader().getID() == query.getHeader().getID()) {
          return isRight(answer) ? Outcome.RIGHT : Outcome.WRONG;
        }
      }
    } catch (IOException refusedOrLate) {
      return Outcome.SILENCE;
    }
  }

  private boolean isRight(Message answer) {
    return answer.getRcode() == Rcode.NOERROR
        && answer.getSection(Section.ANSWER).stream()
            .anyMatch(
                each ->
                    each instanceof ARecord found
                        && address.equals(found.getAddress().getHostAddress()));
  }

  /** Until it is right again; how many wrong answers came before. */
  int awaitRight(Duration longest) {
    long began = System.nanoTime();
    int wrong = 0;
    while (true) {
      switch (ask()) {
        case RIGHT -> {
          return wrong;
        }
        case WRONG -> wrong++;
        case SILENCE -> {}
      }
      if (System.nanoTime() - began > longest.toNanos()) {
        throw new IllegalStateException(name + " was not found for " + longest);
      }
      Attempts.pause(Duration.ofMillis(1));
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
