package io.naru.observe.tap;

import static org.assertj.core.api.Assertions.assertThat;

import io.naru.core.diagnosis.NodeEvidence.IcmpError;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class IcmpErrorsTest {
  /** Ethernet, IPv4 from 198.51.100.7, ICMP 3/13, and the quoted packet to 192.0.2.2. */
  private static final byte[] PROHIBITED =
      HexFormat.of()
          .parseHex(
              "0200000000010200000000020800"
                  + "45000038000000004001000 0c6336407c0000201".replace(" ", "")
                  + "030d000000000000"
                  + "45000078000000004011000 0c0000201c0000202".replace(" ", "")
                  + "a000211800640000");

  @Test
  void theHopTheMeaningAndTheQuotedDestinationAreRead() {
    assertThat(IcmpErrors.parse(PROHIBITED))
        .contains(new IcmpError("198.51.100.7", "administratively prohibited", "192.0.2.2", 8472));
  }

  @Test
  void whatIsCutShortIsNoError() {
    for (int length = 0; length < 14 + 20 + 8 + 20; length++) {
      assertThat(IcmpErrors.parse(Arrays.copyOf(PROHIBITED, length))).isEmpty();
    }
  }

  @Test
  void anImpossibleHeaderLengthIsNoError() {
    byte[] frame = PROHIBITED.clone();
    frame[14] = 0x4f;
    assertThat(IcmpErrors.parse(frame)).isEmpty();
  }
}
