package io.naru.observe.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.NodeEvidence.TunnelFrame;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TunnelFramesTest {
  /** Ethernet, IPv4 or IPv6 with both bits of congestion, UDP 8472, VXLAN, and what is within. */
  private static byte[] frame(boolean ipv6) {
    String outer =
        ipv6
            ? "86dd"
                + "60300000002611ff"
                + "20010db8"
                + "0".repeat(23)
                + "120010db8"
                + "0".repeat(23)
                + "2"
            : "0800" + "4503003a0000000040110000c0000201c0000202";
    return HexFormat.of()
        .parseHex(
            "020000000001020000000002"
                + outer
                + "a00021180026000008000000002a4200"
                + "0a0b0c0d0e0f0200000000070800");
  }

  @ParameterizedTest
  @CsvSource({"false, 192.0.2.1", "true, 2001:db8::1"})
  void theTunnelsHeadersAreRead(boolean ipv6, String from) {
    byte[] frame = frame(ipv6);
    assertThat(TunnelFrames.parse(frame, 14, true))
        .contains(new TunnelFrame(from, 0x2a42, "0a:0b:0c:0d:0e:0f", true, true));
    for (int length = 0; length < frame.length; length++) {
      assertThat(TunnelFrames.parse(Arrays.copyOf(frame, length), 14, true)).isEmpty();
    }
  }
}
