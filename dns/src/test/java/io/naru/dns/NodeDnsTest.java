package io.naru.dns;

import static io.naru.dns.Asker.addresses;
import static io.naru.dns.Asker.overTcp;
import static io.naru.dns.Asker.overUdp;
import static io.naru.dns.Asker.query;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.naru.core.address.IpAddress;
import io.naru.core.error.ErrorCode;
import io.naru.core.error.NaruException;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** The whole server, asked over real sockets on the loopback, with a real upstream. */
class NodeDnsTest extends WithNode {
  @Test
  void aClusterNameIsAnsweredOverUdpAndTcpWithoutAnUpstream() throws IOException {
    InetSocketAddress at = open().listening().getFirst();
    for (int i = 0; i < 3; i++) {
      Message query = query("web.default.svc.cluster.local.", Type.A);
      Message answer = overUdp(at, query);
      assertThat(answer.getHeader().getID()).isEqualTo(query.getHeader().getID());
      assertThat(answer.getHeader().getFlag(Flags.QR)).isTrue();
      assertThat(answer.getHeader().getFlag(Flags.AA)).isTrue();
      assertThat(answer.getHeader().getFlag(Flags.RA)).isTrue();
      assertThat(addresses(answer)).containsExactly("10.96.0.10");
      assertThat(addresses(overTcp(at, query))).containsExactly("10.96.0.10");
    }
  }

  @Test
  void theLettersOfEachAskerAreKept() throws IOException {
    InetSocketAddress at = open().listening().getFirst();
    for (String name :
        List.of("web.default.svc.cluster.local.", "WEB.Default.svc.cluster.LOCAL.")) {
      Message answer = overUdp(at, query(name, Type.A));
      assertThat(answer.getQuestion().getName().toString()).isEqualTo(name);
      assertThat(answer.getSection(Section.ANSWER).getFirst().getName().toString()).isEqualTo(name);
    }
  }

  @Test
  void servicesThatChangeAreAnsweredAtOnce() throws IOException {
    NodeDns dns = open();
    InetSocketAddress at = dns.listening().getFirst();
    for (int i = 1; i < 20; i++) {
      String address = "10.96.1." + i;
      dns.names(Map.of(web(address).name(), web(address)));
      for (int again = 0; again < 3; again++) {
        Message answer = overUdp(at, query("web.default.svc.cluster.local.", Type.A));
        assertThat(addresses(answer)).containsExactly(address);
      }
    }
    dns.names(Map.of());
    Message answer = overUdp(at, query("web.default.svc.cluster.local.", Type.A));
    assertThat(answer.getRcode()).isEqualTo(Rcode.NXDOMAIN);
  }

  @Test
  void theRestIsAskedOfTheUpstreamOnceAndThenKept() throws IOException {
    FakeUpstream upstream = upstream(FakeUpstream.answering("300 A 192.0.2.1", "300 A 192.0.2.2"));
    NodeDns dns = open(upstream.address());
    InetSocketAddress at = dns.listening().getFirst();
    for (int i = 0; i < 5; i++) {
      Message answer = overUdp(at, query("www.example.com.", Type.A));
      assertThat(addresses(answer)).containsExactlyInAnyOrder("192.0.2.1", "192.0.2.2");
      assertThat(answer.getHeader().getFlag(Flags.AA)).isFalse();
      assertThat(answer.getSection(Section.ANSWER).getFirst().getTTL()).isBetween(290L, 300L);
    }
    assertThat(upstream.heard()).hasSize(1);
    assertThat(dns.counters().misses()).isEqualTo(1);
    assertThat(dns.counters().cacheHits()).isEqualTo(4);
  }

  @Test
  void severalAddressesComeFirstInTurn() throws IOException {
    FakeUpstream upstream = upstream(FakeUpstream.answering("300 A 192.0.2.1", "300 A 192.0.2.2"));
    InetSocketAddress at = open(upstream.address()).listening().getFirst();
    List<String> first =
        IntStream.range(0, 20)
            .mapToObj(
                i -> {
                  try {
                    return addresses(overUdp(at, query("www.example.com.", Type.A))).getFirst();
                  } catch (IOException e) {
                    throw new AssertionError(e);
                  }
                })
            .toList();
    assertThat(first).contains("192.0.2.1", "192.0.2.2");
  }

  @Test
  void clusterNamesNeverLeaveTheNode() throws IOException {
    FakeUpstream upstream = upstream(FakeUpstream.answering("300 A 192.0.2.1"));
    InetSocketAddress at = open(upstream.address()).listening().getFirst();
    for (String name :
        List.of(
            "nothing.default.svc.cluster.local.",
            "www.example.com.cluster.local.",
            "cluster.local.",
            "9.9.100.10.in-addr.arpa.")) {
      assertThat(addresses(overUdp(at, query(name, Type.A)))).as(name).isEmpty();
    }
    assertThat(upstream.heard()).isEmpty();
  }

  @Test
  void clusterNamesGoToTheirOwnUpstreamWhereThereIsOne() throws IOException {
    FakeUpstream world = upstream(FakeUpstream.answering("300 A 192.0.2.1"));
    FakeUpstream cluster = upstream(FakeUpstream.answering("30 A 10.96.0.77"));
    Settings plain = settings(List.of("127.0.0.1"), asker -> true, world.address());
    NodeDns dns =
        open(
            new Settings(
                plain.listen(),
                0,
                plain.domain(),
                plain.mayAsk(),
                plain.upstreams(),
                List.of(cluster.address()),
                plain.reverse()));
    dns.names(Map.of(web("10.96.0.10").name(), web("10.96.0.10")));
    InetSocketAddress at = dns.listening().getFirst();
    assertThat(addresses(overUdp(at, query("web.default.svc.cluster.local.", Type.A))))
        .containsExactly("10.96.0.77");
    assertThat(addresses(overUdp(at, query("www.example.com.", Type.A))))
        .containsExactly("192.0.2.1");
    assertThat(world.heard()).hasSize(1);
    assertThat(cluster.heard()).hasSize(1);
  }

  @Test
  void whenNobodyAnswersTheAskerIsTold() throws IOException {
    InetSocketAddress at = open().listening().getFirst();
    assertThat(overUdp(at, query("www.example.com.", Type.A)).getRcode()).isEqualTo(Rcode.SERVFAIL);
  }

  @Test
  void whoMayNotAskGetsNoAnswer() throws IOException {
    IpAddress stranger = IpAddress.parse("127.0.0.9");
    NodeDns dns = open(settings(List.of("127.0.0.1"), asker -> !asker.equals(stranger)));
    InetSocketAddress at = dns.listening().getFirst();
    byte[] bytes = query("web.default.svc.cluster.local.", Type.A).toWire();
    try (DatagramSocket socket = new DatagramSocket(new InetSocketAddress("127.0.0.9", 0))) {
      socket.send(new DatagramPacket(bytes, bytes.length, at));
      Awaitility.await().until(() -> dns.counters().refused() == 1);
      try (Socket tcp = new Socket(at.getAddress(), at.getPort(), socket.getLocalAddress(), 0)) {
        assertThat(tcp.getInputStream().read()).isEqualTo(-1);
      }
    }
    assertThat(dns.counters().refused()).isEqualTo(2);
  }

  @Test
  void answersComeFromTheAddressThatWasAsked() throws IOException {
    NodeDns dns = open(settings(List.of("127.0.0.1", "127.0.0.2", "::1"), asker -> true));
    assertThat(dns.listening()).hasSize(3);
    for (InetSocketAddress at : dns.listening()) {
      // Connected sockets take answers from that address alone.
      Message answer = overUdp(at, query("cluster.local.", Type.SOA));
      assertThat(answer.getSection(Section.ANSWER)).hasSize(1);
    }
  }

  @Test
  void whatCannotBeServedIsToldSo() throws IOException {
    InetSocketAddress at = open().listening().getFirst();
    Message chaos =
        Message.newQuery(Record.newRecord(Name.fromString("version.bind."), Type.TXT, DClass.CH));
    assertThat(overUdp(at, chaos).getRcode()).isEqualTo(Rcode.REFUSED);
    assertThat(overUdp(at, query("cluster.local.", Type.AXFR)).getRcode()).isEqualTo(Rcode.REFUSED);
    Message update = query("cluster.local.", Type.SOA);
    update.getHeader().setOpcode(5);
    assertThat(overUdp(at, update).getRcode()).isEqualTo(Rcode.NOTIMP);
    Message later = query("cluster.local.", Type.SOA);
    later.addRecord(new OPTRecord(1232, 0, 1), Section.ADDITIONAL);
    assertThat(overUdp(at, later).getRcode()).isEqualTo(Rcode.BADVERS);
    byte[] cut = Arrays.copyOf(query("cluster.local.", Type.SOA).toWire(), 20);
    assertThat(new Message(overUdp(at, cut)).getRcode()).isEqualTo(Rcode.FORMERR);
  }

  @Test
  void settingsChangeWhileItListens() throws IOException {
    FakeUpstream first = upstream(FakeUpstream.answering("300 A 192.0.2.1"));
    FakeUpstream second = upstream(FakeUpstream.answering("300 A 192.0.2.2"));
    NodeDns dns = open(first.address());
    InetSocketAddress at = dns.listening().getFirst();
    assertThat(addresses(overUdp(at, query("www.example.com.", Type.A))))
        .containsExactly("192.0.2.1");
    dns.settings(settings(List.of("127.0.0.1", "127.0.0.2"), asker -> true, second.address()));
    assertThat(dns.listening()).hasSize(2).contains(at);
    assertThat(addresses(overUdp(at, query("www.example.com.", Type.A))))
        .containsExactly("192.0.2.2");
    assertThat(addresses(overUdp(at, query("web.default.svc.cluster.local.", Type.A))))
        .containsExactly("10.96.0.10");
  }

  @Test
  void settingsHoldWhereOneAddressCannotBeHad() throws IOException {
    FakeUpstream upstream = upstream(FakeUpstream.answering("300 A 192.0.2.1"));
    NodeDns dns = open();
    Settings next = settings(List.of("127.0.0.1", "192.0.2.77"), asker -> true, upstream.address());
    assertThatThrownBy(() -> dns.settings(next)).hasMessageContaining("192.0.2.77");
    assertThat(dns.settings().listen()).containsExactly(IpAddress.parse("127.0.0.1"));
    InetSocketAddress at = dns.listening().getFirst();
    assertThat(addresses(overUdp(at, query("www.example.com.", Type.A))))
        .containsExactly("192.0.2.1");
  }

  @Test
  void anAddressThatIsNotOursIsToldSo() {
    assertThatThrownBy(() -> open(settings(List.of("192.0.2.77"), asker -> true)))
        .isInstanceOfSatisfying(
            NaruException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE))
        .hasMessageContaining("192.0.2.77");
  }
}
