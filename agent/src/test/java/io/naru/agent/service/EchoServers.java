package io.naru.agent.service;

import io.naru.core.service.Protocol;
import io.naru.linux.namespace.NetworkNamespace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Servers that answer every question with their own address, and clients of them. */
final class EchoServers implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 5000;

  private final NetworkNamespace namespace;
  private int nextPort = 10_000;
  private final List<AutoCloseable> sockets = new ArrayList<>();

  private EchoServers(NetworkNamespace namespace) {
    this.namespace = namespace;
  }

  static EchoServers start(NetworkNamespace namespace, List<String> addresses, int port) {
    EchoServers servers = new EchoServers(namespace);
    for (String address : addresses) {
      namespace.run(() -> servers.open(address, port));
    }
    return servers;
  }

  private void open(String address, int port) {
    try {
      InetAddress at = InetAddress.getByName(address);
      byte[] name = (address + "\n").getBytes(StandardCharsets.UTF_8);
      ServerSocket tcp = new ServerSocket(port, 1000, at);
      DatagramSocket udp = new DatagramSocket(port, at);
      sockets.add(tcp);
      sockets.add(udp);
      Thread.ofPlatform().daemon().start(() -> accept(tcp, name));
      Thread.ofPlatform().daemon().start(() -> answer(udp, name));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
  }

  private static void accept(ServerSocket server, byte[] name) {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofVirtual().start(() -> serve(client, name));
      } catch (IOException closed) {
        return;
      }
    }
  }

  private static void serve(Socket client, byte[] name) {
    try (client) {
      while (client.getInputStream().read() >= 0) {
        client.getOutputStream().write(name);
      }
    } catch (IOException gone) {
      // The client went away.
    }
  }

  private static void answer(DatagramSocket socket, byte[] name) {
    while (!socket.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(new byte[16], 16);
        socket.receive(packet);
        socket.send(new DatagramPacket(name, name.length, packet.getSocketAddress()));
      } catch (IOException closed) {
        return;
      }
    }
  }

  /** Asks so often, each time by a connection of its own; which server answered how often. */
  Map<String, Integer> ask(Protocol protocol, String address, int port, int times) {
    Map<String, Integer> answers = new TreeMap<>();
    namespace.run(
        () -> {
          try {
            for (int i = 0; i < times; i++) {
              String who =
                  switch (protocol) {
                    case TCP -> overTcp(address, port);
                    case UDP -> overUdp(address, port);
                  };
              answers.merge(who, 1, Integer::sum);
            }
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        });
    return answers;
  }

  private static String overTcp(String address, int port) throws IOException {
    try (Socket socket = connected(address, port)) {
      // No trace of thousands of connections is left behind.
      socket.setSoLinger(true, 0);
      return exchange(socket);
    }
  }

  private static Socket connected(String address, int port) throws IOException {
    Socket socket = new Socket();
    socket.setSoTimeout(PATIENCE_MILLIS);
    socket.connect(new InetSocketAddress(address, port), PATIENCE_MILLIS);
    return socket;
  }

  private static String exchange(Socket socket) throws IOException {
    socket.getOutputStream().write('?');
    StringBuilder line = new StringBuilder();
    for (int read = socket.getInputStream().read();
        read != '\n';
        read = socket.getInputStream().read()) {
      if (read < 0) {
        throw new IOException("closed without an answer");
      }
      line.append((char) read);
    }
    return line.toString();
  }

  private String overUdp(String address, int port) throws IOException {
    // The kernel takes datagrams from a port that was used a moment ago for the same flow.
    nextPort++;
    try (DatagramSocket socket = new DatagramSocket(nextPort)) {
      socket.setSoTimeout(PATIENCE_MILLIS);
      socket.connect(new InetSocketAddress(address, port));
      socket.send(new DatagramPacket(new byte[] {'?'}, 1));
      byte[] buffer = new byte[100];
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      socket.receive(packet);
      return new String(buffer, 0, packet.getLength() - 1, StandardCharsets.UTF_8);
    }
  }

  /** A connection that stays open. */
  Conversation converse(String address, int port) {
    return namespace.call(
        () -> {
          try {
            return new Conversation(connected(address, port));
          } catch (IOException failure) {
            throw new UncheckedIOException(failure);
          }
        });
  }

  record Conversation(Socket socket) implements AutoCloseable {
    /** Who answers. */
    String ask() {
      try {
        return exchange(socket);
      } catch (IOException failure) {
        throw new UncheckedIOException(failure);
      }
    }

    @Override
    public void close() {
      try {
        socket.close();
      } catch (IOException gone) {
        // It is closed either way.
      }
    }
  }

  @Override
  public void close() {
    for (AutoCloseable socket : sockets) {
      try {
        socket.close();
      } catch (Exception closed) {
        // It is closed either way.
      }
    }
  }
}
