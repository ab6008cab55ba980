package io.naru.dns;

import static io.naru.dns.Asker.addresses;
import static io.naru.dns.Asker.overUdp;
import static io.naru.dns.Asker.query;
import static io.naru.dns.FakeUpstream.answering;
import static io.naru.dns.FakeUpstream.silent;
import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.address.IpAddress;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Message;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** What upstreams said is of use after its time, and asked for anew before. */
class StaleAnswersTest {
  private FakeUpstream upstream;
  private NodeDns dns;
  private InetSocketAddress at;

  @BeforeEach
  void open() throws IOException {
    upstream = new FakeUpstream(answering("2 A 192.0.2.1"));
    dns =
        NodeDns.open(
            new Settings(
                List.of(IpAddress.parse("127.0.0.1")),
                0,
                "cluster.local",
                asker -> true,
                List.of(upstream.address()),
                List.of(),
                List.of()));
    at = dns.listening().getFirst();
  }

  @AfterEach
  void close() throws IOException {
    dns.close();
    upstream.close();
  }

  private Message ask() throws IOException {
    Message answer = overUdp(at, query("www.example.com.", Type.A));
    assertThat(addresses(answer)).containsExactly("192.0.2.1");
    return answer;
  }

  private static long ttl(Message answer) {
    return answer.getSection(Section.ANSWER).getFirst().getTTL();
  }

  @Test
  void whileUpstreamsAreAwayWhatTheySaidBeforeIsAnswered() throws IOException {
    ask();
    upstream.becomes(silent());
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(() -> ttl(ask()) == 30 && dns.counters().staleAnswers() > 0);
    // Once it is known that nobody answers, nobody has to wait for it.
    Awaitility.await()
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              int before = upstream.heard().size();
              ask();
              return upstream.heard().size() == before;
            });
  }

  @Test
  void whatIsAskedForOftenIsNeverWaitedForAgain() throws IOException {
    ask();
    Awaitility.await()
        .pollInterval(Duration.ofMillis(50))
        .atMost(Duration.ofSeconds(20))
        .until(
            () -> {
              ask();
              return upstream.heard().size() >= 3;
            });
    assertThat(dns.counters().misses()).isEqualTo(1);
  }
}
