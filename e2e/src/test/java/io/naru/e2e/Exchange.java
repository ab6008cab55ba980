package io.naru.e2e;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * A program that runs in pods: one end sends payloads of many sizes by TCP and UDP, the other sends
 * each back. The payloads are random, so that nothing altered or mixed up passes for the same.
 */
final class Exchange {
  private static final int PORT = 5001;
  private static final int MILLIS = 2000;
  private static final int ATTEMPTS = 3;

  /** Around what an MTU leaves: 1280 to 1500, less 70, 50 and the headers of IP, TCP and UDP. */
  private static final List<Integer> SIZES =
      List.of(
          1, 100, 1232, 1252, 1352, 1353, 1370, 1371, 1382, 1383, 1390, 1402, 1403, 1410, 1422,
          1423, 1452, 1453, 1472, 1473, 8192, 32768);

  private static final List<Integer> TCP_SIZES = List.of(65535, 65536, 262_144, 1 << 20);

  private Exchange() {}

  /** The words that run it in a pod of this machine. */
  private static String words(String arguments) {
    return "'%s/bin/java' -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xmx64m -cp '%s' %s %s"
        .formatted(
            System.getProperty("java.home"),
            Installation.home("e2e/target/test-classes"),
            Exchange.class.getName(),
            arguments);
  }

  /** A shell's text that starts the answering end in the background. */
  static String server() {
    return ("setsid %s </dev/null >/dev/null 2>&1 &"
            + " for i in $(seq 100); do ss -Hltn sport = :%d | grep -q . && exit 0; sleep 0.1; done;"
            + " exit 1")
        .formatted(words("answer"), PORT);
  }

  /** A shell's text that exchanges everything with these addresses and prints a line for each. */
  static String with(List<String> addresses) {
    return words(String.join(" ", addresses));
  }

  public static void main(String[] arguments) throws IOException {
    if (arguments[0].equals("answer")) {
      answer();
      return;
    }
    for (String address : arguments) {
      InetAddress peer = InetAddress.getByName(address);
      for (int size : SIZES) {
        tcp(peer, size);
        udp(peer, size);
      }
      for (int size : TCP_SIZES) {
        tcp(peer, size);
      }
      udp(peer, largestDatagram(address));
      System.out.println(address + " sent back everything");
    }
  }

  /** 65535 bytes less what counts into the length field: IPv4 counts its own header, IPv6 not. */
  private static int largestDatagram(String address) {
    return address.contains(":") ? 65535 - 8 : 65535 - 20 - 8;
  }

  private static void answer() throws IOException {
    try (ServerSocket listener = new ServerSocket(PORT);
        DatagramSocket datagrams = new DatagramSocket(PORT)) {
      Thread.ofPlatform().daemon().start(() -> answer(datagrams));
      while (true) {
        Socket connection = listener.accept();
        Thread.ofPlatform().daemon().start(() -> answer(connection));
      }
    }
  }

  private static void answer(Socket connection) {
    try (connection) {
      byte[] payload = read(connection);
      write(connection, payload);
    } catch (IOException gone) {
      System.err.println(gone);
    }
  }

  private static void answer(DatagramSocket socket) {
    DatagramPacket packet = new DatagramPacket(new byte[65535], 65535);
    while (true) {
      try {
        packet.setLength(65535);
        socket.receive(packet);
        socket.send(packet);
      } catch (IOException refused) {
        System.err.println(refused);
      }
    }
  }

  private static byte[] read(Socket connection) throws IOException {
    DataInputStream in = new DataInputStream(connection.getInputStream());
    byte[] payload = new byte[in.readInt()];
    in.readFully(payload);
    return payload;
  }

  private static void write(Socket connection, byte[] payload) throws IOException {
    OutputStream out = connection.getOutputStream();
    byte[] length = java.nio.ByteBuffer.allocate(4).putInt(payload.length).array();
    out.write(length);
    out.write(payload);
    out.flush();
  }

  private static byte[] payload(int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    return bytes;
  }

  private static void tcp(InetAddress peer, int size) throws IOException {
    try (Socket connection = new Socket()) {
      connection.connect(new InetSocketAddress(peer, PORT), MILLIS);
      connection.setSoTimeout(4 * MILLIS);
      write(connection, payload(size));
      require(read(connection), "TCP", peer, size);
    } catch (IOException failed) {
      throw new IOException("TCP, %d bytes to %s".formatted(size, peer.getHostAddress()), failed);
    }
  }

  /** UDP may lose one on a busy machine, but not every time. */
  private static void udp(InetAddress peer, int size) throws IOException {
    byte[] payload = payload(size);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      try (DatagramSocket socket = new DatagramSocket()) {
        socket.setSoTimeout(MILLIS);
        socket.send(new DatagramPacket(payload, size, peer, PORT));
        DatagramPacket answer = new DatagramPacket(new byte[65535], 65535);
        socket.receive(answer);
        require(Arrays.copyOf(answer.getData(), answer.getLength()), "UDP", peer, size);
        return;
      } catch (SocketTimeoutException lost) {
        System.err.printf("UDP, %d bytes to %s: no answer%n", size, peer.getHostAddress());
      }
    }
    throw new IOException("UDP, %d bytes to %s: lost".formatted(size, peer.getHostAddress()));
  }

  private static void require(byte[] answer, String protocol, InetAddress peer, int size)
      throws IOException {
    if (!Arrays.equals(answer, payload(size))) {
      throw new IOException(
          "%s, %d bytes to %s: %d other bytes came back"
              .formatted(protocol, size, peer.getHostAddress(), answer.length));
    }
  }
}
