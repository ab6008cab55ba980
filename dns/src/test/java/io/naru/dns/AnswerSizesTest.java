package io.naru.dns;

import static io.naru.dns.Asker.addresses;
import static io.naru.dns.Asker.overTcp;
import static io.naru.dns.Asker.overUdp;
import static io.naru.dns.Asker.query;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.xbill.DNS.Flags;
import org.xbill.DNS.Message;
import org.xbill.DNS.OPTRecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** Answers that are larger than what the asker takes. */
class AnswerSizesTest extends WithNode {
  @Test
  void anAnswerThatDoesNotFitIsCutAndWholeOverTcp() throws IOException {
    String[] many =
        IntStream.range(0, 200).mapToObj(i -> "60 A 192.0.2." + i).toArray(String[]::new);
    FakeUpstream upstream =
        upstream(
            (query, overTcp) -> {
              Message whole = FakeUpstream.reply(query, many);
              return List.of(whole.toWire(overTcp ? 65535 : 1232));
            });
    InetSocketAddress at = open(upstream.address()).listening().getFirst();
    Message plain = query("many.example.com.", Type.A);
    for (int i = 0; i < 2; i++) {
      byte[] cut = overUdp(at, plain.toWire());
      assertThat(cut.length).isLessThanOrEqualTo(512);
      assertThat(new Message(cut).getHeader().getFlag(Flags.TC)).isTrue();
    }
    Message extended = query("many.example.com.", Type.A);
    extended.addRecord(new OPTRecord(65000, 0, 0), Section.ADDITIONAL);
    byte[] cut = overUdp(at, extended.toWire());
    assertThat(cut.length).isBetween(513, 1232);
    assertThat(new Message(cut).getOPT()).isNotNull();
    assertThat(addresses(new Message(cut))).hasSizeGreaterThan(40);
    assertThat(addresses(overTcp(at, plain))).hasSize(200);
  }

  @Test
  void anAnswerFarTooLargeKeepsNobodyWaiting() throws IOException {
    String[] many =
        IntStream.range(0, 3500)
            .mapToObj(i -> "60 A 10.1." + i / 250 + "." + i % 250)
            .toArray(String[]::new);
    FakeUpstream upstream =
        upstream(
            (query, overTcp) ->
                List.of(FakeUpstream.reply(query, many).toWire(overTcp ? 65535 : 512)));
    NodeDns dns = open(upstream.address());
    InetSocketAddress at = dns.listening().getFirst();
    Message cut = overUdp(at, query("many.example.com.", Type.A));
    assertThat(cut.getHeader().getFlag(Flags.TC)).isTrue();
    assertThat(addresses(cut)).hasSizeGreaterThan(20);
    assertThat(addresses(overTcp(at, query("many.example.com.", Type.A)))).hasSize(3500);
    assertThat(dns.counters().cached()).isZero();
  }
}
