package io.naru.dns.server;

import static io.naru.dns.Asker.addresses;
import static io.naru.dns.Asker.overTcp;
import static io.naru.dns.Asker.overUdp;
import static io.naru.dns.Asker.query;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import io.naru.dns.FakeUpstream;
import io.naru.dns.NodeDns;
import io.naru.dns.Settings;
import io.naru.dns.upstream.UpstreamAddress;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Type;

/** Clients that stop in the middle do not keep others from being served. */
class StalledClientsTest {
  private static final Message POD;

  static {
    try {
      POD = query("10-0-0-1.default.pod.cluster.local.", Type.A);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private final List<AutoCloseable> opened = new ArrayList<>();

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  private NodeDns open(Bounds bounds, UpstreamAddress... upstreams) {
    NodeDns dns =
        NodeDns.open(
            new Settings(
                List.of(IpAddress.parse("127.0.0.1")),
                0,
                "cluster.local",
                asker -> true,
                List.of(upstreams),
                List.of(),
                List.of()),
            bounds);
    opened.add(dns);
    return dns;
  }

  private Socket connect(InetSocketAddress to, String from) throws IOException {
    Socket socket = new Socket();
    opened.add(socket);
    socket.bind(new InetSocketAddress(from, 0));
    socket.connect(to);
    return socket;
  }

  private static void assertServes(InetSocketAddress at) throws IOException {
    assertThat(addresses(overUdp(at, POD))).containsExactly("10.0.0.1");
    assertThat(addresses(overTcp(at, POD))).containsExactly("10.0.0.1");
  }

  @Test
  void aThousandClientsThatStopInTheMiddleOfAQuestion() throws IOException {
    NodeDns dns = open(Bounds.USUAL);
    InetSocketAddress at = dns.listening().getFirst();
    for (int i = 0; i < 1100; i++) {
      Socket client = connect(at, "127.0.1." + (1 + i % 100));
      if (i % 2 == 0) {
        client.getOutputStream().write(new byte[] {0, 40, 1, 2, 3});
      }
    }
    assertServes(at);
    assertThat(dns.counters().connections()).isLessThanOrEqualTo(Bounds.USUAL.connections());
  }

  @Test
  void oneClientHasABoundedNumberOfConnections() throws IOException {
    NodeDns dns = open(new Bounds(100, 100, 5, Duration.ofSeconds(30)));
    InetSocketAddress at = dns.listening().getFirst();
    for (int i = 0; i < 20; i++) {
      connect(at, "127.0.1.1");
    }
    Awaitility.await().until(() -> dns.counters().overloaded() == 15);
    assertServes(at);
    assertThat(dns.counters().connections()).isBetween(5, 6);
  }

  @Test
  void whoTricklesIsCutOff() throws IOException {
    NodeDns dns = open(new Bounds(100, 100, 100, Duration.ofMillis(300)));
    InetSocketAddress at = dns.listening().getFirst();
    Socket client = connect(at, "127.0.1.1");
    client.getOutputStream().write(new byte[] {1, 0});
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .until(
            () -> {
              try {
                client.getOutputStream().write(1);
                return false;
              } catch (IOException cutOff) {
                return true;
              }
            });
    assertServes(at);
    Awaitility.await().until(() -> dns.counters().connections() == 0);
  }

  @Test
  void whoTakesNoAnswersIsCutOff() throws IOException {
    NodeDns dns = open(new Bounds(100, 100, 100, Duration.ofMillis(300)));
    InetSocketAddress at = dns.listening().getFirst();
    Socket client = connect(at, "127.0.1.1");
    byte[] question = POD.toWire();
    byte[] framed = new byte[question.length + 2];
    framed[1] = (byte) question.length;
    System.arraycopy(question, 0, framed, 2, question.length);
    Thread asks =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    while (true) {
                      client.getOutputStream().write(framed);
                    }
                  } catch (IOException cutOff) {
                    // What the test waits for.
                  }
                });
    Awaitility.await().until(() -> !asks.isAlive());
    assertServes(at);
  }

  @Test
  void severalQuestionsOverOneConnection() throws IOException {
    InetSocketAddress at = open(Bounds.USUAL).listening().getFirst();
    Socket client = connect(at, "127.0.1.1");
    byte[] question = POD.toWire();
    for (int i = 0; i < 10; i++) {
      client.getOutputStream().write(new byte[] {0, (byte) question.length});
      client.getOutputStream().write(question);
    }
    DataInputStream in = new DataInputStream(client.getInputStream());
    for (int i = 0; i < 10; i++) {
      Message answer = new Message(in.readNBytes(in.readUnsignedShort()));
      assertThat(addresses(answer)).containsExactly("10.0.0.1");
    }
  }

  @Test
  void questionsThatNobodyAnswersDoNotKeepOthersWaiting() throws IOException {
    FakeUpstream silent = new FakeUpstream(FakeUpstream.silent());
    opened.add(silent);
    NodeDns dns = open(new Bounds(50, 100, 100, Duration.ofSeconds(5)), silent.address());
    InetSocketAddress at = dns.listening().getFirst();
    try (DatagramSocket socket = new DatagramSocket()) {
      for (int i = 0; i < 60; i++) {
        byte[] question = query("n" + i + ".example.com.", Type.A).toWire();
        socket.send(new DatagramPacket(question, question.length, at));
      }
    }
    assertServes(at);
    Awaitility.await().until(() -> dns.counters().overloaded() == 10);
    assertThat(overUdp(at, query("www.example.com.", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }
}
