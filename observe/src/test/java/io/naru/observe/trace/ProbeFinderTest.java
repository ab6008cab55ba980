package io.naru.observe.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.trace.ProbeKind;
import io.naru.core.trace.Sighting;
import io.naru.core.trace.Sighting.Kind;
import io.naru.core.trace.Tap;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Frames, byte by byte as RFC 791, 792, 768, 9293 and 7348 have them. */
class ProbeFinderTest {
  private static final String ETHERNET = "02000000000102000000000208 00 ";
  private static final String A = "0af40002";
  private static final String B = "0af40102";

  private static String ipv4(int protocol, int bytes, String source, String destination) {
    return "4500%04x0000400040%02x0000%s%s ".formatted(20 + bytes, protocol, source, destination);
  }

  private static Optional<Sighting> find(ProbeKind kind, List<Long> keys, String... parts) {
    byte[] frame = HexFormat.of().parseHex(String.join("", parts).replace(" ", ""));
    return new ProbeFinder(TestOrder.of(kind), TestOrder.VXLAN_PORT).find(Tap.NIC, 7, frame, keys);
  }

  private static final String ECHO = "0800 0000 0011 0002 " + TestOrder.MARKER + "01";

  @Test
  void anEchoIsFoundByItsMarkerAndItsNumber() {
    Sighting seen =
        find(ProbeKind.ECHO, List.of(), ETHERNET, ipv4(1, 17, A, B), ECHO).orElseThrow();
    assertThat(seen.probe()).isEqualTo(1);
    assertThat(seen.kind()).isEqualTo(Kind.REQUEST);
    assertThat(seen.header().length()).isEqualTo(37);
    assertThat(seen.tunnel()).isEmpty();
  }

  @Test
  void anotherMarkerIsAnotherTrace() {
    assertThat(
            find(
                ProbeKind.ECHO,
                List.of(),
                ETHERNET,
                ipv4(1, 17, A, B),
                ECHO.replace("00112233", "00112234")))
        .isEmpty();
  }

  @Test
  void theTunnelAroundItIsTold() {
    Sighting seen =
        find(
                ProbeKind.ECHO,
                List.of(),
                ETHERNET,
                ipv4(17, 8 + 8 + 14 + 37, "ac1a320b", "ac1a320c"),
                "9c40 2118 004b 0000 ",
                "0800000000000500 ",
                ETHERNET,
                ipv4(1, 17, A, B),
                ECHO)
            .orElseThrow();
    assertThat(seen.tunnel().orElseThrow().vni()).isEqualTo(5);
    assertThat(seen.tunnel().get().outer().destinationPort()).isEqualTo(8472);
    assertThat(seen.header().destination()).hasToString("10.244.1.2");
  }

  @Test
  void aConnectionIsKnownByItsSequenceNumber() {
    List<Long> keys = List.of(1L, 0x0a0b0c0dL);
    String syn = "9c40 0050 0a0b0c0d 00000000 5002 ffff 0000 0000";
    String refusal = "0050 9c40 00000000 0a0b0c0e 5014 0000 0000 0000";
    assertThat(find(ProbeKind.TCP, keys, ETHERNET, ipv4(6, 20, A, B), syn))
        .hasValueSatisfying(seen -> assertThat(seen.probe()).isEqualTo(1));
    assertThat(find(ProbeKind.TCP, keys, ETHERNET, ipv4(6, 20, B, A), refusal))
        .hasValueSatisfying(seen -> assertThat(seen.kind()).isEqualTo(Kind.REFUSAL));
    assertThat(find(ProbeKind.TCP, List.of(9L), ETHERNET, ipv4(6, 20, A, B), syn)).isEmpty();
  }

  @Test
  void portUnreachableIsARefusalOfTheDestinationAndAnErrorOfAnybodyElse() {
    String datagram = "9c40 0050 0011 0000 " + TestOrder.MARKER + "00";
    String error = "0303 0000 00000000 ";
    String quoted = error + ipv4(17, 17, A, B) + datagram;
    assertThat(find(ProbeKind.UDP, List.of(), ETHERNET, ipv4(1, 45, B, A), quoted))
        .hasValueSatisfying(seen -> assertThat(seen.kind()).isEqualTo(Kind.REFUSAL));
    assertThat(find(ProbeKind.UDP, List.of(), ETHERNET, ipv4(1, 45, "ac1a3201", A), quoted))
        .hasValueSatisfying(
            seen -> {
              assertThat(seen.kind()).isEqualTo(Kind.ERROR);
              assertThat(seen.says()).isEqualTo("port unreachable");
              assertThat(seen.sender()).hasToString("172.26.50.1");
            });
  }

  @Test
  void anAnswerIsKnownByTheProbesPort() {
    String answer = "0050 9c41 0009 0000 00";
    List<Long> keys = List.of(40_000L, 40_001L);
    assertThat(find(ProbeKind.UDP, keys, ETHERNET, ipv4(17, 9, B, A), answer))
        .hasValueSatisfying(
            seen -> {
              assertThat(seen.kind()).isEqualTo(Kind.ANSWER);
              assertThat(seen.probe()).isEqualTo(1);
            });
  }
}
