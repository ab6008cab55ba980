package io.naru.dns;

import io.naru.core.address.IpAddress;
import io.naru.dns.upstream.UpstreamAddress;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Another resolver, which behaves as a test wants: a real one over UDP and TCP on the loopback. */
public final class FakeUpstream implements AutoCloseable {
  /** What it makes of a query: the messages that it sends back, none or many. */
  public interface Behaviour {
    List<byte[]> answer(Message query, boolean overTcp) throws IOException;
  }

  private final UpstreamAddress address;
  private final DatagramSocket udp;
  private final ServerSocket tcp;
  private final List<Message> heard = new CopyOnWriteArrayList<>();
  private final List<Integer> ports = new CopyOnWriteArrayList<>();
  private volatile Behaviour behaviour;

  public FakeUpstream(Behaviour behaviour) throws IOException {
    this.behaviour = behaviour;
    InetAddress loopback = InetAddress.ofLiteral("127.0.0.1");
    DatagramSocket datagrams = null;
    ServerSocket connections = new ServerSocket(0, 50, loopback);
    while (datagrams == null) {
      try {
        datagrams = new DatagramSocket(new InetSocketAddress(loopback, connections.getLocalPort()));
      } catch (BindException taken) {
        connections.close();
        connections = new ServerSocket(0, 50, loopback);
      }
    }
    this.address = new UpstreamAddress(IpAddress.parse("127.0.0.1"), datagrams.getLocalPort());
    this.udp = datagrams;
    this.tcp = connections;
    Thread.ofVirtual().start(this::serveUdp);
    Thread.ofVirtual().start(this::serveTcp);
  }

  /** The answer to a query, with these records. */
  public static Message reply(Message query, String... records) throws IOException {
    Message reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.RA);
    reply.addRecord(query.getQuestion(), Section.QUESTION);
    for (String each : records) {
      reply.addRecord(record(query, each), Section.ANSWER);
    }
    return reply;
  }

  /** A record of the name that is asked for: {@code TTL TYPE DATA}. */
  private static Record record(Message query, String text) throws IOException {
    String[] parts = text.split(" ", 3);
    return Record.fromString(
        query.getQuestion().getName(),
        Type.value(parts[1]),
        DClass.IN,
        Long.parseLong(parts[0]),
        parts[2],
        Name.root);
  }

  /** One that answers everything with these records. */
  public static Behaviour answering(String... records) {
    return (query, overTcp) -> List.of(reply(query, records).toWire());
  }

  /** One that says nothing. */
  public static Behaviour silent() {
    return (query, overTcp) -> List.of();
  }

  public void becomes(Behaviour next) {
    behaviour = next;
  }

  public UpstreamAddress address() {
    return address;
  }

  /** Queries that arrived, in their order. */
  public List<Message> heard() {
    return heard;
  }

  /** The ports from which they came over UDP. */
  public List<Integer> ports() {
    return ports;
  }

  private void serveUdp() {
    byte[] buffer = new byte[4096];
    while (!udp.isClosed()) {
      try {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        ports.add(packet.getPort());
        Message query = new Message(Arrays.copyOf(buffer, packet.getLength()));
        heard.add(query);
        for (byte[] each : behaviour.answer(query, false)) {
          udp.send(new DatagramPacket(each, each.length, packet.getSocketAddress()));
        }
      } catch (IOException e) {
        // Closed, or a client that is gone.
      }
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try {
        Socket client = tcp.accept();
        Thread.ofVirtual().start(() -> serve(client));
      } catch (IOException e) {
        // Closed.
      }
    }
  }

  private void serve(Socket client) {
    try (client) {
      DataInputStream in = new DataInputStream(client.getInputStream());
      Message query = new Message(in.readNBytes(in.readUnsignedShort()));
      heard.add(query);
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      for (byte[] each : behaviour.answer(query, true)) {
        out.writeShort(each.length);
        out.write(each);
      }
    } catch (IOException e) {
      // The client ended it.
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
